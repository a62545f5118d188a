"""A resource that nothing uses."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.keys import EncryptionKey
from iotgen.kinds.queues import Queue
from iotgen.kinds.roles import Role
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.streams import STREAMS, Stream
from iotgen.kinds.topics import Topic
from iotgen.kinds.wiring import Wire
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

# Who else may use a resource, where the spec can say it.
_ACCEPTED = {
    "buckets": "accept: [{service: cloudfront.amazonaws.com, source: ARN, access: read}]",
    "queues": "accept: [{role: ARN, access: receive}]",
    "topics": "accept: [{account: ID, access: subscribe}]",
}


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each resource that no function, trigger or alarm refers to."""
    used: set[Path] = {wire.source for wire in pipeline.all(Wire)}
    used |= {topic.path for topic in pipeline.all(Topic) if topic.accepted}
    used |= {one.path for one in pipeline.all(Queue) if any(user.takes for user in one.accepted)}
    used |= {one.path for one in pipeline.all(Bucket) if one.accepted or one.public is not None}
    used |= {one.path for one in pipeline.all(Delivery) if one.source}
    used |= {key.path for key in pipeline.all(EncryptionKey) if key.own}
    for kind in KINDS:
        for resource in kind.of(pipeline) if kind.used_in else ():
            if f"{kind.address}.{resource.label}" in sources.referred or resource.path in used:
                continue
            if (kind.section, resource.key) not in pipeline.referred and pipeline.settled(resource.path):
                message = f"nothing uses the {kind.noun} `{resource.key}`"
                hint = f"Add it to {kind.used_in}, or remove it. {_outside(kind.section)}"
                yield Finding(resource.path, message, hint, at_key=True)
    yield from _idle(pipeline, sources)


def _outside(section: str) -> str:
    """What to write where something outside of the spec uses a resource."""
    if example := _ACCEPTED.get(section):
        return f"Write a user outside of the spec as `{example}`."
    return "If something outside of the spec uses it, write `# iotgen: ignore IOT385 because ...` above it."


def _idle(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Each delivery from a stream of the spec into which nothing puts records."""
    written = _written(pipeline)
    streams: dict[Path, Stream] = {stream.path: stream for stream in pipeline.all(Stream)}
    for delivery in pipeline.all(Delivery):
        stream = streams.get(delivery.source) if delivery.source else None
        if stream is None or stream.path in written or not pipeline.settled(stream.path):
            continue
        if f"{STREAMS.address}.{stream.label}" in sources.referred or not pipeline.settled(delivery.path):
            continue
        message = (
            f"nothing puts records into the stream `{stream.key}`, from which `{delivery.key}` takes them"
        )
        hint = f"Add `streams: {{{stream.key}: put}}` to the `access` of a function, or write a rule to it."
        yield Finding((*delivery.path, "from"), message, hint)


def _written(pipeline: Pipeline) -> frozenset[Path]:
    """The resources to which functions, workflows, roles, rules, events and endpoints write."""
    holders: tuple[Function | Workflow | Role, ...] = (
        *pipeline.all(Function),
        *pipeline.all(Workflow),
        *pipeline.all(Role),
    )
    granted = (
        (grant.section, grant.key)
        for holder in holders
        for grant in holder.grants
        if not all(grant.access.verbs[verb].reads for verb in grant.verbs)
    )
    named = ((target.section, target.key) for rule in pipeline.all(TopicRule) for target in rule.targets)
    sent = (target.head for event in pipeline.all(Event) for target in event.targets)
    called = (one.receiver.path for one in endpoints_of(pipeline) if one.receiver)
    return frozenset((*granted, *named, *sent, *called))


RULE = Rule(
    code="IOT385",
    severity=Severity.WARNING,
    summary="Nothing in the spec uses this resource.",
    why=(
        "The resource is deployed, may cost money and needs maintenance, although no function, trigger or "
        "alarm refers to it. Often a reference was forgotten. A delivery from a stream is idle, too, where "
        "nothing puts records into the stream."
    ),
    fix="Refer to it, or remove it.",
    ignore="Something outside of the spec uses it, or puts records into the stream.",
    source="https://docs.aws.amazon.com/wellarchitected/2023-04-10/framework/cost_decomissioning_resources_implement_process.html",
    check=check,
)
