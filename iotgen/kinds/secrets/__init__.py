"""Secrets: values that AWS holds in Secrets Manager, and nothing else does."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from iotgen.kinds.secrets.preflight import secret_preflight
from iotgen.kinds.secrets.secret import ADDRESS, SECTION, Secret, is_set
from iotgen.model.access import Access, Grant, Variable, Verb, statement
from iotgen.model.arn import PARTITION, arn
from iotgen.model.change import Attributes, Deployed, named_anew
from iotgen.model.contents import Amount, Clients
from iotgen.model.context import Context
from iotgen.model.cost import Amounts, Charge, Costs, Scope, Use, Work
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Joined, joined
from iotgen.model.kind import Kind, Name, Resolving
from iotgen.model.live import Live, live_name
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.problem import Finding

__all__ = ["SECRETS", "Secret", "is_set"]

# What Secrets Manager adds to a name in an ARN: a dash and six characters of its own choice.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
_RANDOM = "-??????"


def _resolve(context: Resolving) -> tuple[Secret, ...]:
    return tuple(
        Secret(
            **context.renamable(key, path),
            description=settings.get("description"),
            recovery_days=settings["recovery_days"],
            kms_key=context.kms_key(SECTION, key),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _names(secret: Secret) -> Iterator[Name]:
    yield Name(what="a secret", text=secret.name, space="secret", most=512)


def _render(secrets: tuple[Secret, ...], _digests: Digests) -> Iterator[Rendering]:
    for secret in secrets:
        yield Rendering(SECTION, secret.path, "secret", {"secret": secret}, moved=secret.moved)


def _outputs(secrets: tuple[Secret, ...]) -> tuple[Output, ...]:
    labels = {secret.key: secret.label for secret in secrets}
    return output_of("secret_names", "The secrets' names", labels, f"{ADDRESS}.name")


def _changes(secrets: tuple[Secret, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A new name, with which Terraform would create another secret."""
    for secret in secrets:
        if there := deployed.get(f"{ADDRESS}.{secret.label}"):
            yield from named_anew(secret, "secret", there, pipeline.suffix)


def _contents(clients: Clients, secret: Attributes, _now: datetime) -> Amount:
    """Whether it has a value, and how long that can be restored."""
    about = clients("secretsmanager").describe_secret(SecretId=secret["arn"])
    if not is_set(about):
        return Amount("no value yet", empty=True)
    days = secret.get("recovery_window_in_days", 0)
    restored = f"can be restored for {days} days" if days else "cannot be restored"
    return Amount(f"a secret, set on {about['LastChangedDate'].date()}, which {restored}", empty=False)


_STYLE = Style(
    name="secret",
    hue=20,
    icon="M6 11h12v10H6zM9 11V7a3 3 0 0 1 6 0v4M12 15v2",
    shape=("[/", "/]"),
)


def _drawing(secrets: tuple[Secret, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for secret in secrets:
        yield Node(
            id=secret.path,
            noun="secret",
            title=secret.key,
            note="Secrets Manager",
            style=_STYLE,
            shared=True,
        )


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("secretsmanager", context.region, "secret:", context.name_of(SECTION, key), _RANDOM)


def _there(live: Live, secret: Outside) -> None:
    live.client("secretsmanager").describe_secret(SecretId=secret.id)


def _statements(context: Context, grant: Grant) -> Iterator[Statement]:
    yield statement(grant)
    if grant.outside and "read" in grant.verbs and context.kms_key(SECTION, grant.key) is None:
        yield _with_key(context, grant, grant.outside)


def _with_key(context: Context, grant: Grant, secret: Outside) -> Statement:
    """Permission to decrypt a secret of others, which may be encrypted with any key: its policy decides.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    region = secret.region or context.region
    keys = joined("arn:", PARTITION, f":kms:{region}:*:key/*")
    through = ("StringEquals", "kms:ViaService", (f"secretsmanager.{region}.amazonaws.com",))
    only = ("StringLike", "kms:EncryptionContext:SecretARN", (grant.arn,))
    sid = statement_id("decrypt", "secret", grant.key)
    return Statement(sid, ("kms:Decrypt",), (keys,), (through, only))


def _charges(secret: Secret, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    yield Charge("secrets.months", 1, f"secret {secret.key}")
    for use in uses:
        yield Charge("secrets.calls", use.get("calls"), use.path)


def _called(work: Work) -> Amounts:
    return {"calls": work.calls}


SECRETS = Kind(
    section=SECTION,
    noun="secret",
    type=Secret,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of the function that reads it",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=_changes,
    contents=_contents,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=secret_preflight,
    renamable=True,
    access=Access(
        service="secretsmanager",
        operations={
            "batch_get_secret_value": "secretsmanager:BatchGetSecretValue",
            "create_secret": "secretsmanager:CreateSecret",
            "delete_secret": "secretsmanager:DeleteSecret",
            "describe_secret": "secretsmanager:DescribeSecret",
            "get_random_password": "secretsmanager:GetRandomPassword",
            "get_secret_value": "secretsmanager:GetSecretValue",
            "list_secrets": "secretsmanager:ListSecrets",
            "put_secret_value": "secretsmanager:PutSecretValue",
            "update_secret": "secretsmanager:UpdateSecret",
        },
        objects={},
        address=ADDRESS,
        noun="secret",
        variable=Variable(prefix="SECRET_", attribute="name", live=live_name),
        phrase="{verbs} the secret `{key}`",
        verbs={
            "read": Verb(
                actions=("secretsmanager:GetSecretValue",),
                method="get_secret_value",
                methods=frozenset({"get_secret_value"}),
                reads=True,
            ),
            "put": Verb(
                actions=("secretsmanager:PutSecretValue",),
                method="put_secret_value",
                methods=frozenset({"put_secret_value"}),
                reads=False,
                phrase="put values into the secret `{key}`",
            ),
            "describe": Verb(
                actions=("secretsmanager:DescribeSecret",),
                method="describe_secret",
                methods=frozenset({"describe_secret"}),
                reads=True,
            ),
        },
        examples=("read",),
        through="secretsmanager",
        arn=_arn,
        statements=_statements,
    ),
    existing=Form(
        address=ADDRESS,
        service="secretsmanager",
        within="secret:",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls=dict.fromkeys(("read", "put", "describe"), _called),
        per_reading={},
        apart=False,
        levers=(),
    ),
)
