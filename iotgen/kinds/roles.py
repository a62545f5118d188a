"""Roles of IAM for what is not of the spec: services, other accounts, roles there, and identity providers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from iotgen.kinds.functions.allowed import Allowed, resolve_allowed
from iotgen.kinds.functions.function import Function
from iotgen.kinds.functions.managed import Managed, attached, managed_preflight, resolve_managed
from iotgen.kinds.workflows.permissions import key_uses, merged
from iotgen.kinds.workflows.workflow import Workflow
from iotgen.model.access import Grant, resolve_access
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.change import Deployed, named_anew
from iotgen.model.context import Context, label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, Label, Reference, joined
from iotgen.model.key_use import key_statements
from iotgen.model.kind import Kind, Name, Resolving, Settings, role_name
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.problem import Finding, Path

# What has permissions by its `access`.
Permitted: TypeAlias = "Function | Workflow | Role"

SECTION = "roles"
ADDRESS = "aws_iam_role"
_HOUR = 3600
# The parts of an ARN: arn, partition, service, region, account, resource.
_ACCOUNT = 4


@dataclass(frozen=True)
class Assumer:
    """Who may assume a role: `who` in words, and the statement of the trust policy."""

    who: str
    statement: Statement
    path: Path


@dataclass(frozen=True, kw_only=True)
class Role(Resource):
    """A role that others assume, for `session` seconds at most, to do what `statements` allow."""

    description: str | None
    session: int
    assumers: tuple[Assumer, ...]
    grants: tuple[Grant, ...] = field(hash=False)
    allowed: tuple[Allowed, ...]
    managed: tuple[Managed, ...]
    statements: tuple[Statement, ...]

    @property
    def arn(self) -> Reference:
        """Its ARN."""
        return Reference(f"{ADDRESS}.{self.label}.arn")


def permitted(pipeline: Pipeline) -> tuple[Permitted, ...]:
    """All that have permissions by their `access`."""
    return (*pipeline.all(Function), *pipeline.all(Workflow), *pipeline.all(Role))


def _resolve(context: Resolving) -> tuple[Role, ...]:
    return tuple(_role(context, *entry) for entry in context.entries(SECTION))


def _role(context: Resolving, key: str, settings: Settings, path: Path) -> Role:
    granted = resolve_access(context, context.accesses, settings["access"], (*path, "access"))
    allowed = tuple(resolve_allowed(context, settings["access"], (*path, "access")))
    statements = (
        *key_statements(context, key_uses(context, granted)),
        *(one for grant in granted for one in grant.access.statements(context, grant)),
        *(one.statement for one in allowed),
    )
    # Functions have roles of their own keys.
    own = Label(f"{label(key)}__for_others")
    return Role(
        **context.named(key, path) | {"label": own},
        description=settings.get("description"),
        session=settings["session_hours"] * _HOUR,
        assumers=tuple(_assumers(context, settings["assumed_by"], path)),
        grants=granted,
        allowed=allowed,
        managed=resolve_managed(context, settings["access"], (*path, "access"), own),
        statements=merged(statements),
    )


def _assumers(context: Context, written: Sequence[Mapping[str, Any]], path: Path) -> Iterator[Assumer]:
    for index, one in enumerate(written):
        kind, principal = _principal(context, one)
        statement = Statement(
            f"AssumedBy{index + 1}",
            ("sts:AssumeRoleWithWebIdentity" if "oidc" in one else "sts:AssumeRole",),
            (),
            tuple(_conditions(context, one)),
            principal=(kind, principal),
        )
        yield Assumer(_who(one), statement, (*path, "assumed_by", index))


def _who(written: Mapping[str, Any]) -> str:
    if "oidc" in written:
        return _issuer(written)
    return str(written.get("service") or written.get("role") or f"account {written['account']}")


def _issuer(written: Mapping[str, Any]) -> str:
    """The host of an identity provider, and the path that some have, as its condition keys begin."""
    return str(written["oidc"].partition(":oidc-provider/")[2])


def _principal(context: Context, written: Mapping[str, Any]) -> tuple[str, str | Expression]:
    if "service" in written:
        return "Service", str(written["service"])
    if "oidc" in written:
        return "Federated", context.with_account(written["oidc"])
    if "role" in written:
        return "AWS", context.with_account(written["role"])
    return "AWS", joined("arn:", PARTITION, f":iam::{written['account']}:root")


def _conditions(
    context: Context, written: Mapping[str, Any]
) -> Iterator[tuple[str, str, tuple[Expression | str, ...]]]:
    """That a service acts for what the spec names, or that a caller knows the id that was agreed on.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    A provider's token has to be meant for AWS, and for one of the subjects.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    if "oidc" in written:
        issuer, subject = _issuer(written), written["subject"]
        subjects = (subject,) if isinstance(subject, str) else tuple(subject)
        yield "StringEquals", f"{issuer}:aud", (str(written["audience"]),)
        yield "StringLike", f"{issuer}:sub", tuple(map(context.filled, subjects))
    source = written.get("source", ())
    sources = (source,) if isinstance(source, str) else tuple(source)
    if sources:
        yield "ArnLike", "aws:SourceArn", tuple(map(context.with_account, sources))
        if any(not one.split(":")[_ACCOUNT] for one in sources):
            yield "StringEquals", "aws:SourceAccount", (ACCOUNT,)
    if "external_id" in written:
        yield "StringEquals", "sts:ExternalId", (str(written["external_id"]),)


def _names(role: Role) -> Iterator[Name]:
    yield role_name("a role", role.name)


def _render(roles: tuple[Role, ...], _digests: Digests) -> Iterator[Rendering]:
    for role in roles:
        yield Rendering(SECTION, role.path, "role", {"role": role})
        yield from attached(SECTION, role.path, role.label, role.managed)


def _outputs(roles: tuple[Role, ...]) -> tuple[Output, ...]:
    labels = {role.key: role.label for role in roles}
    return output_of("role_arns", "The roles' ARNs", labels, f"{ADDRESS}.arn")


def _changes(roles: tuple[Role, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A new name, with which Terraform would make another role, that nobody has been told of."""
    for role in roles:
        if there := deployed.get(f"{ADDRESS}.{role.label}"):
            yield from named_anew(role, "role", there, pipeline.suffix)


def _preflight(roles: tuple[Role, ...], account: Account) -> Iterator[Check]:
    """The names that are taken, and the policies that are not there."""
    client = account.client("iam")
    for role in roles:
        yield from managed_preflight(account, role.name, role.managed)
        try:
            there = client.get_role(RoleName=role.name)["Role"]["Arn"]
        except client.exceptions.NoSuchEntityException:
            continue
        yield from account.taken("the role", role.name, role.path, there)


_STYLE = Style(
    name="role", hue=8, icon="M12 3a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4 21a8 8 0 0 1 16 0", shape=("([", "])")
)


def _drawing(roles: tuple[Role, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """The roles, who assumes them, and what they may use."""
    for role in roles:
        yield Node(id=role.path, noun="role", title=role.key, note="for others", style=_STYLE)
        for one in role.assumers:
            yield Node(id=one.path, noun="holder", title=one.who, note="outside of the spec", style=_STYLE)
            yield Edge(
                tail=one.path, head=role.path, text="assumes", accent=one.path, relation=Relation.NOTICE
            )
        yield from (grant.edge(role.path) for grant in role.grants)


ROLES: Kind[Role] = Kind(
    section=SECTION,
    noun="role",
    type=Role,
    # Functions, workflows and others have roles too: not all of that type are of this kind.
    address="role",
    referred=True,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=_changes,
    contents=None,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=_preflight,
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)
