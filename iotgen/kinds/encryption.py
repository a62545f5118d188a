"""Encryption: a KMS key of the pipeline's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from iotgen.kinds.accepting import Accepted, accepted
from iotgen.kinds.wiring import Senders, senders
from iotgen.model.change import Attributes, Deployed, stays
from iotgen.model.contents import Amount, Clients
from iotgen.model.cost import SECONDS, Charge, Costs, Scope, Use
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Joined, Label
from iotgen.model.kind import Kind, Resolving, no_names, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Finding
from iotgen.triggers import TRIGGERS

SECTION = "encryption"
# Seconds for which a service reuses a data key.
_REUSED = 300


@dataclass(frozen=True, kw_only=True)
class EncryptionKey(Resource):
    """The key; with `notifies`, CloudWatch uses it to publish to topics.

    `senders` are the services that use it to send to queues and topics, `undelivered` those that put what
    they cannot deliver into the dead letters of functions. `accepted` are those that the spec lists, of which
    accounts and roles use it `through` SQS and SNS alone.
    """

    notifies: bool
    senders: Senders
    accepted: tuple[Accepted, ...]
    through: tuple[str, ...]
    undelivered: tuple[str, ...]


def _resolve(context: Resolving) -> tuple[EncryptionKey, ...]:
    if not context.encryption_key:
        return ()
    name = f"alias/{context.name(context.data['pipeline'])}"
    notifies = bool(context.data["topics"])
    own = EncryptionKey(
        key="pipeline",
        name=name,
        label=Label("pipeline"),
        path=(SECTION,),
        notifies=notifies,
        senders=_senders(context),
        accepted=tuple(_accepted(context)),
        through=tuple(f"{one}.{context.region}.amazonaws.com" for one in ("sns", "sqs")),
        undelivered=tuple(sorted(set(_undelivered(context)))),
    )
    return (own,)


def _undelivered(context: Resolving) -> Iterator[str]:
    written = [trigger for function in context.functions() for trigger in function["triggers"]]
    for kind in TRIGGERS:
        if kind.type.service and any(kind.word in trigger for trigger in written):
            yield f"{kind.type.service}.amazonaws.com"


def _senders(context: Resolving) -> Senders:
    """Those that send to any of the pipeline's own queues and topics, each service once."""
    found: dict[str, dict[Joined, None]] = {}
    for section in ("queues", "topics"):
        for key, _settings, _path in context.entries(section):
            for service, arns in senders(context, section, key):
                found.setdefault(service, {}).update(dict.fromkeys(arns))
    return tuple((service, tuple(arns)) for service, arns in found.items())


def _accepted(context: Resolving) -> Iterator[Accepted]:
    """Those that the spec lists for its queues and topics, each once: sources matter for SNS alone.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    seen = set()
    for section in ("queues", "topics"):
        for key, _settings, _path in context.entries(section):
            for one in accepted(context, section, key):
                sources = one.sources if one.principal == "sns.amazonaws.com" else ()
                if (one.principal, sources) not in seen:
                    seen.add((one.principal, sources))
                    yield one


def _render(keys: tuple[EncryptionKey, ...], _digests: Digests) -> Iterator[Rendering]:
    for key in keys:
        yield Rendering(SECTION, key.path, "encryption_key", {"key": key})


def _changes(_keys: tuple[EncryptionKey, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A key that is no longer used: encrypted data stays encrypted, and can soon be decrypted by nobody.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    if pipeline.encryption_key or "aws_kms_key.pipeline" not in deployed:
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
        yield Node(
            id=key.path, noun="key", title=key.key, note="encrypts all data", style=_STYLE, shared=True
        )


def _charges(key: EncryptionKey, _uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    """The key, and its uses: services ask for it again after five minutes.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    yield Charge("kms.keys", 1, "encryption")
    encrypted = sum(len(resources) for resources in scope.pipeline.by_type.values())
    yield Charge("kms.requests", encrypted * SECONDS / _REUSED, "encryption")


ENCRYPTION = Kind(
    section=SECTION,
    noun="key",
    type=EncryptionKey,
    address="aws_kms_key",
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=no_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=_changes,
    contents=_contents,
    preflight=None,
    in_spec=None,
    waits={},
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(charges=_charges, calls={}, per_reading={}, apart=False, levers=()),
)
