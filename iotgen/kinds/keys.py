"""KMS keys: the pipeline's own, for all that it stores, and those of the section for what names them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iotgen.kinds.accepting import Accepted, Verbs, accepted
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.endpoints.api import Api
from iotgen.kinds.functions import Function
from iotgen.kinds.log_groups import DeclaredLogGroup
from iotgen.kinds.queues import ACCEPTED as BY_QUEUES
from iotgen.kinds.queues import Queue
from iotgen.kinds.topics import ACCEPTED as BY_TOPICS
from iotgen.kinds.topics import Topic
from iotgen.kinds.wiring import Senders, senders
from iotgen.kinds.workflows import Workflow
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.alarm import Alarm
from iotgen.model.api_address import api_key
from iotgen.model.arn import arn
from iotgen.model.change import Attributes, Deployed, stays
from iotgen.model.contents import Amount, Clients
from iotgen.model.context import Context
from iotgen.model.cost import SECONDS, Amounts, Charge, Costs, Scope, Use, Work
from iotgen.model.declared_logs import function_log
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Expression, Joined, Label, joined
from iotgen.model.kind import Kind, Name, Resolving, no_outputs
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Finding, Path
from iotgen.triggers import TRIGGERS

SECTION = "keys"
ADDRESS = "aws_kms_key"
# The section of the pipeline's own key, which encrypts all that names no other.
_OWN: Path = ("encryption",)
_LONGEST_WAIT = 30
# The sections whose resources may name a key.
_ENCRYPTED = (
    "parameters",
    "secrets",
    "tables",
    "streams",
    "queues",
    "topics",
    "buckets",
    "deliveries",
    "log_groups",
    "functions",
)
# What stands before the name in their log groups; a function may name its own.
_LOGGING = {
    "deliveries": "/aws/kinesisfirehose/",
    "functions": "/aws/lambda/",
    "log_groups": "",
    "workflows": "/aws/vendedlogs/states/",
}
# What the policies of queues and topics may allow others. SNS decrypts what it delivers to subscribers.
_ACCEPTED: Mapping[str, Verbs] = {"queues": BY_QUEUES, "topics": BY_TOPICS}
_WITHOUT_KEY = ("subscribe",)
# Seconds for which a service reuses a data key.
_REUSED = 300


@dataclass(frozen=True, kw_only=True)
class EncryptionKey(Resource):
    """A KMS key; with `notifies`, CloudWatch uses it to publish to topics, and to store lines in `logs`.

    `senders` are the services that use it to send to queues and topics, `undelivered` those that put what
    they cannot deliver into the dead letters of functions. `accepted` are those that the spec lists, of which
    accounts and roles use it `through` SQS, SNS and S3 alone. `encrypted` are the resources that it encrypts;
    `deletion_days` is how long KMS waits before it deletes it.
    """

    description: str
    deletion_days: int
    encrypted: tuple[Named, ...]
    logs: tuple[Joined, ...]
    notifies: bool
    senders: Senders
    accepted: tuple[Accepted, ...]
    through: tuple[str, ...]
    undelivered: tuple[str, ...]

    @property
    def own(self) -> bool:
        """Whether it is the pipeline's own, and encrypts all that names no other."""
        return self.path == _OWN


def _resolve(context: Resolving) -> tuple[EncryptionKey, ...]:
    return (*_pipeline_key(context), *_section(context))


def _pipeline_key(context: Resolving) -> Iterator[EncryptionKey]:
    if own := context.encryption_key:
        name = str(context.data["pipeline"])
        yield EncryptionKey(
            key="pipeline",
            name=f"alias/{context.name(name)}",
            label=Label("pipeline"),
            path=_OWN,
            description=f"Encrypts what {name} stores, in {context.suffix}",
            deletion_days=_LONGEST_WAIT,
            logs=(arn("logs", context.region, "log-group:*"),),
            **_users(context, own),
        )


def _section(context: Resolving) -> Iterator[EncryptionKey]:
    for key, settings, path in context.entries(SECTION):
        yield EncryptionKey(
            **context.named(key, path) | {"name": _alias(context, key)},
            description=settings.get(
                "description", f"The key {key} of {context.data['pipeline']}, in {context.suffix}"
            ),
            deletion_days=settings["deletion_days"],
            logs=tuple(_logs(context, context.key_arn(key))),
            **_users(context, context.key_arn(key)),
        )


def _users(context: Resolving, key: str | Expression) -> dict[str, Any]:
    """What a key encrypts, and those beside the account's own roles that use it for that."""
    found = encrypted(context, key)
    return {
        "encrypted": tuple(dict.fromkeys((*found, *_logged(context, key)))),
        "notifies": any(section == "topics" and not context.ending(section, one) for section, one in found),
        "undelivered": tuple(sorted(set(_undelivered(context, found)))),
        "senders": _senders(context, found),
        "accepted": tuple(_accepted(context, found)),
        "through": tuple(f"{one}.{context.region}.amazonaws.com" for one in _through(context, found)),
    }


def encrypted(context: Context, key: str | Expression) -> tuple[Named, ...]:
    """The resources that a key with this ARN encrypts."""
    return tuple(
        (section, one)
        for section in _ENCRYPTED
        for one in context.data[section]
        if context.kms_key(section, one) == key
    )


def _logs(context: Context, key: str | Expression) -> Iterator[Joined]:
    """The log groups that a key with this ARN encrypts."""
    for section, one in _logged(context, key):
        name = f"{_LOGGING[section]}{context.name_of(section, one)}"
        own = function_log(context, one) if section == "functions" else name
        yield arn("logs", context.region, f"log-group:{own}")
    if context.data["endpoints"] and context.log_kms_key("api") == key:
        yield arn("logs", context.region, f"log-group:/aws/apigateway/{context.name(api_key(context))}")
        yield arn("logs", context.region, "log-group:API-Gateway-Execution-Logs_*")


def _logged(context: Context, key: str | Expression) -> tuple[Named, ...]:
    """The resources whose logs a key with this ARN encrypts."""
    return tuple(
        (section, one)
        for section in _LOGGING
        for one, settings in context.data[section].items()
        if "existing" not in settings and context.log_kms_key(section, one) == key
    )


def _undelivered(context: Resolving, encrypted: tuple[Named, ...]) -> Iterator[str]:
    functions = [context.data[section][key] for section, key in encrypted if section == "functions"]
    written = [trigger for function in functions for trigger in function["triggers"]]
    for kind in TRIGGERS:
        if kind.type.service and any(kind.word in trigger for trigger in written):
            yield f"{kind.type.service}.amazonaws.com"


def _receiving(encrypted: tuple[Named, ...]) -> tuple[Named, ...]:
    return tuple(one for one in encrypted if one[0] in ("buckets", "queues", "topics"))


def _through(context: Context, encrypted: tuple[Named, ...]) -> tuple[str, ...]:
    """The services by which accounts and roles use the key."""
    shared = any(
        context.data[section][key].get("accept") for section, key in encrypted if section == "buckets"
    )
    return ("s3", "sns", "sqs") if shared else ("sns", "sqs")


def _senders(context: Resolving, encrypted: tuple[Named, ...]) -> Senders:
    """Those that send to any of these, each service once."""
    found: dict[str, dict[Joined, None]] = {}
    for section, key in _receiving(encrypted):
        for service, arns in senders(context, section, key):
            found.setdefault(service, {}).update(dict.fromkeys(arns))
    return tuple((service, tuple(arns)) for service, arns in found.items())


def _accepted(context: Resolving, encrypted: tuple[Named, ...]) -> Iterator[Accepted]:
    """Those that the spec lists for any of these, each once: sources matter for SNS alone.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    seen = set()
    for section, key in _receiving(encrypted):
        for one in accepted(context, section, key, _ACCEPTED.get(section, {})):
            if one.verbs == _WITHOUT_KEY:
                continue
            sources = one.sources if one.principal == "sns.amazonaws.com" else ()
            if (one.principal, sources) not in seen:
                seen.add((one.principal, sources))
                yield one


def services(pipeline: Pipeline, key: str | Expression) -> dict[str, Path]:
    """The services that use a key with this ARN in their own name, each with a setting that names the key."""
    found: dict[str, Path] = {}
    for path, service in _sending(pipeline, key):
        found.setdefault(service, (*path, "kms_key"))
    logging: list[Delivery | Function | Workflow | Api] = [*pipeline.all(Delivery), *pipeline.all(Function)]
    logging += [*pipeline.all(Workflow), *pipeline.all(Api)]
    for one in logging:
        if one.log_kms_key == key:
            own = isinstance(one, Workflow | Api) or one.kms_key != key
            setting = "log_kms_key" if own else "kms_key"
            found.setdefault(f"logs.{pipeline.region}.amazonaws.com", (*one.path, setting))
    return found


def _sending(pipeline: Pipeline, key: str | Expression) -> Iterator[tuple[Path, str]]:
    own = pipeline.all
    receiving: list[Queue | Topic] = [*pipeline.all(Queue), *pipeline.all(Topic)]
    encrypted = [one for one in receiving if one.kms_key == key]
    for bucket in (one for one in pipeline.all(Bucket) if one.kms_key == key):
        yield from ((bucket.path, str(by.principal)) for by in bucket.accepted if by.kind == "Service")
    for one in encrypted:
        yield from ((one.path, f"{service}.amazonaws.com") for service, _arns in one.senders)
        yield from ((one.path, str(by.principal)) for by in one.accepted if by.kind == "Service")
    notified = {topic.path for alarm in pipeline.all(Alarm) for topic in alarm.receivers}
    yield from ((one.path, "cloudwatch.amazonaws.com") for one in encrypted if one.path in notified)
    functions = [one for one in pipeline.all(Function) if one.kms_key == key]
    for function in functions:
        undelivered = (trigger.service for trigger in function.triggers if trigger.service)
        yield from ((function.path, f"{service}.amazonaws.com") for service in undelivered)
    logs = f"logs.{pipeline.region}.amazonaws.com"
    yield from ((one.path, logs) for one in own(DeclaredLogGroup) if one.kms_key == key)


def _names(key: EncryptionKey) -> Iterator[Name]:
    yield Name(what="the alias of a key", text=key.name, space="alias", most=256)
    yield Name(what="a key", text=str(key.label), space="KMS key", most=63)


def _render(keys: tuple[EncryptionKey, ...], _digests: Digests) -> Iterator[Rendering]:
    for key in keys:
        yield Rendering(str(key.path[0]), key.path, "encryption_key", {"key": key})


def _changes(keys: tuple[EncryptionKey, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A key that is no longer used: encrypted data stays encrypted, and can soon be decrypted by nobody.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    if f"{ADDRESS}.pipeline" not in deployed or any(key.label == "pipeline" for key in keys):
        return
    buckets = [
        attributes["bucket"]
        for address, attributes in sorted(deployed.items())
        if address.startswith("aws_s3_bucket.")
    ]
    copy = " and ".join(f"aws s3 cp s3://{name} s3://{name} --recursive --sse AES256" for name in buckets)
    yield stays(
        ("encryption",),
        "objects, messages and log lines stay encrypted with the pipeline's key: "
        "this apply deletes the key, so they become unreadable, and are lost in 30 days",
        "Wait until the queues are empty before the apply"
        + (f", and re-encrypt the objects: {copy}" if copy else "."),
    )


def _contents(_clients: Clients, _key: Attributes, _now: datetime) -> Amount:
    """Nobody counts what a key has encrypted."""
    return Amount("what it has encrypted becomes unreadable", empty=False)


_STYLE = Style(
    name="key",
    hue=350,
    icon="M8 9a4 4 0 1 0 0 8a4 4 0 1 0 0-8M11 11l9-8M17 6l3 3M14 8.5l2 2",
    shape=("[/", "/]"),
)


def _drawing(keys: tuple[EncryptionKey, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for key in keys:
        note = "encrypts all data" if key.own else f"encrypts {', '.join(one for _, one in key.encrypted)}"
        yield Node(id=key.path, noun="key", title=key.key, note=note, style=_STYLE, shared=True)


def _charges(key: EncryptionKey, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    """The key, and its uses: services ask for it again after five minutes.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    path = "encryption" if key.own else f"key {key.key}"
    yield Charge("kms.keys", 1, path)
    everything = sum(len(resources) for resources in scope.pipeline.by_type.values())
    users = everything if key.own else len(key.encrypted)
    yield Charge("kms.requests", users * SECONDS / _REUSED, path)
    for use in uses:
        yield Charge("kms.requests", use.get("requests"), use.path)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("kms", context.region, context.existing_name(SECTION, key) or _alias(context, key))


def _alias(context: Context, key: str) -> str:
    return context.filled(context.given(SECTION, key)) or f"alias/{context.name(key)}"


def _is_read(_context: Context, _key: str) -> bool:
    """The ARN behind an alias is AWS's to say: permissions name keys, not aliases.

    https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    """
    return True


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return joined(context.key_arn(key))


def _live_arn(at: Live, key: EncryptionKey) -> str:
    return str(at.client("kms").describe_key(KeyId=key.name)["KeyMetadata"]["Arn"])


def _asked(work: Work) -> Amounts:
    return {"requests": work.calls}


def _there(live: Live, key: Outside) -> None:
    live.client("kms").describe_key(KeyId=key.id)


KEYS = Kind(
    section=SECTION,
    noun="key",
    type=EncryptionKey,
    address=ADDRESS,
    referred=True,
    used_in="`kms_key` of what it is to encrypt, or to the `access` of a function",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=_changes,
    contents=_contents,
    refuses=None,
    preflight=None,
    in_spec=None,
    waits={},
    renamable=False,
    access=Access(
        service="kms",
        operations={
            "decrypt": "kms:Decrypt",
            "describe_key": "kms:DescribeKey",
            "encrypt": "kms:Encrypt",
            "generate_data_key": "kms:GenerateDataKey",
            "generate_data_key_without_plaintext": "kms:GenerateDataKeyWithoutPlaintext",
        },
        objects={},
        address=ADDRESS,
        noun="key",
        variable=Variable(prefix="KEY_", attribute="arn", live=_live_arn),
        phrase="{verbs} with the key `{key}`",
        verbs={
            # https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
            "decrypt": Verb(
                actions=("kms:Decrypt",),
                method="decrypt",
                methods=frozenset({"decrypt"}),
                reads=True,
            ),
            "encrypt": Verb(
                actions=("kms:Encrypt",),
                method="encrypt",
                methods=frozenset({"encrypt"}),
                reads=False,
            ),
            "data_key": Verb(
                actions=("kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
                method="generate_data_key",
                methods=frozenset({"generate_data_key", "generate_data_key_without_plaintext"}),
                reads=False,
                phrase="make data keys with the key `{key}`",
            ),
            "describe": Verb(
                actions=("kms:DescribeKey",),
                method="describe_key",
                methods=frozenset({"describe_key"}),
                reads=True,
                phrase="{verbs} the key `{key}`",
            ),
        },
        examples=("decrypt", "encrypt"),
        through=None,
        arn=_arn,
        statements=only_statement,
    ),
    existing=Form(
        address=ADDRESS,
        service="kms",
        within="key/",
        own=_own_arn,
        read=_is_read,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls=dict.fromkeys(("decrypt", "encrypt", "data_key", "describe"), _asked),
        per_reading={},
        apart=True,
        levers=(),
    ),
)
