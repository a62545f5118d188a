"""Wiring: what topics and buckets send to queues, topics and deliveries, also to those that exist already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import arn
from iotgen.model.context import Context, label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Relation
from iotgen.model.expression import Joined, Label, Reference
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs, role_name
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.policy import Statement
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path
from iotgen.triggers.bucket import notification
from iotgen.triggers.bus import bus_of
from iotgen.triggers.eventbridge import tells_eventbridge
from iotgen.triggers.notices import Notice, notices

SECTION = "wiring"

# The word of a subscription for each section that a topic delivers to.
_SUBSCRIBERS = {"queue": "queues", "delivery": "deliveries"}

# The regions that an account has to enable, of those that SNS is in.
# https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
OPT_IN_REGIONS = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "eu-central-2",
        "eu-south-1",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
        "me-south-1",
    }
)

# The services that send to something, and the ARNs of what each sends for.
Senders = tuple[tuple[str, tuple[Joined, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Wire(Resource):
    """What the topic or bucket `source` sends to the resource `target`, in the `words` of a drawing.

    `rendering` is None for a bucket's notice that is rendered with another, and for a second subscription of
    a queue, which a rule refuses. The `target` of a bucket that tells EventBridge only is the bucket itself.
    `notice` is that of a bucket. With a `role`, its name is that of a role. `elsewhere` is the region of a
    topic that is in another one than the pipeline, and `kept` whether a queue gets what cannot be delivered.
    """

    source: Named
    target: Named
    words: str
    rendering: Rendering | None
    notice: Notice | None
    role: bool = False
    elsewhere: str | None = None
    kept: bool = False

    @property
    def least_provider(self) -> tuple[int, int] | None:
        """The first provider that makes a subscription in another region than its own.

        https://hashicorp.github.io/terraform-provider-aws/enhanced-region-support
        """
        return (6, 0) if self.elsewhere else None


def _resolve(context: Resolving) -> tuple[Wire, ...]:
    return (*_subscriptions(context), *_notices(context))


def _subscriptions(context: Resolving) -> Iterator[Wire]:
    """The subscriptions of queues and deliveries."""
    for topic, settings in context.data["topics"].items():
        seen: set[Named] = set()
        for index, one in enumerate(settings.get("subscriptions", ())):
            path: Path = ("topics", topic, "subscriptions", index)
            for word, section in _SUBSCRIBERS.items():
                if word in one and context.has(section, one[word], (*path, word)):
                    target = (section, one[word])
                    yield _subscription(context, topic, target, one, path, again=target in seen)
                    seen.add(target)


def _subscription(
    context: Resolving, topic: str, target: Named, settings: Settings, path: Path, *, again: bool
) -> Wire:
    section, key = target
    word = next(word for word, one in _SUBSCRIBERS.items() if one == section)
    own = Label(f"{label(topic)}__{word}__{label(key)}")
    # SNS wants a subscription to be made in the topic's region.
    # https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
    elsewhere = _elsewhere(context, topic)
    holes: dict[str, Any] = {
        "label": own,
        "region": elsewhere,
        "topic": context.attribute("topics", topic, "arn"),
        "raw": settings.get("raw", False),
        "filter": settings.get("filter"),
        "body": settings.get("filter_scope") == "body",
        "failed": undelivered(context, settings, path),
    }
    role = f"{context.name_of('topics', topic)}-to-{key}" if section == "deliveries" else ""
    holes |= _to_delivery(context, key, role) if role else _to_queue(context, key)
    # Its own key is that of the queue: a topic has one subscription of each endpoint.
    former = tuple(Label(f"{label(topic)}__{word}__{label(one)}") for one in context.keys(section, key)[:-1])
    rendering = Rendering("topics", path[:2], "wired_subscription", holes, moved={own: former})
    return Wire(
        key=key,
        name=role or key,
        label=own,
        path=path,
        source=("topics", topic),
        target=target,
        words="some" if settings.get("filter") else "",
        role=bool(role) and not again,
        elsewhere=elsewhere,
        kept=holes["failed"] is not None,
        rendering=None if again else rendering,
        notice=None,
    )


def _elsewhere(context: Context, topic: str) -> str | None:
    """The region of a topic that exists already in another one than the pipeline's."""
    already = context.existing("topics", topic)
    return already.region if already and already.region != context.region else None


def _to_queue(context: Context, key: str) -> Mapping[str, Any]:
    return {
        "protocol": "sqs",
        "endpoint": context.attribute("queues", key, "arn"),
        "role": None,
        "statements": None,
    }


def _to_delivery(context: Context, key: str, role: str) -> Mapping[str, Any]:
    """The role by which SNS puts records, and what SNS wants to know of a delivery before it does.

    SNS documents no condition, on its account or its source, for who may assume the role.
    https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html
    """
    actions = (
        "firehose:DescribeDeliveryStream",
        "firehose:ListDeliveryStreams",
        "firehose:ListTagsForDeliveryStream",
        "firehose:PutRecord",
        "firehose:PutRecordBatch",
    )
    own = arn("firehose", context.region, "deliverystream/", context.name_of("deliveries", key))
    return {
        "protocol": "firehose",
        "endpoint": Reference(f"aws_kinesis_firehose_delivery_stream.{label(key)}.arn"),
        "role": role,
        "statements": (Statement("PutRecords", actions, (own,)),),
    }


def undelivered(context: Context, settings: Settings, path: Path) -> Joined | None:
    """The ARN of the queue for messages that a subscription cannot deliver, None if it names none."""
    queue = settings.get("failed")
    if queue is None or not context.has("queues", queue, (*path, "failed")):
        return None
    return context.arn("queues", queue)


def _notices(context: Resolving) -> Iterator[Wire]:
    """The notices of buckets; the set of a bucket that triggers functions is rendered with these triggers."""
    triggering = {
        trigger["bucket"]
        for function in context.functions()
        for trigger in function["triggers"]
        if "bucket" in trigger
    }
    for bucket in context.data["buckets"]:
        own = notices(context, bucket)
        for index, notice in enumerate(own):
            first = index == 0 and bucket not in triggering
            yield Wire(
                key=bucket,
                name=notice.id,
                label=label(bucket),
                path=notice.path,
                source=("buckets", bucket),
                target=notice.to,
                words=f"{notice.prefix or ''}*{notice.suffix or ''}",
                rendering=_notification(context, bucket, own) if first else None,
                notice=notice,
            )
        if not own and bucket not in triggering and "existing" not in context.data["buckets"][bucket]:
            yield from _told(context, bucket)


def _told(context: Resolving, bucket: str) -> Iterator[Wire]:
    """The set of a bucket that tells nobody but EventBridge, which is drawn with the triggers there."""
    if tells_eventbridge(context, bucket):
        yield Wire(
            key=bucket,
            name=bucket,
            label=label(bucket),
            path=("buckets", bucket),
            source=("buckets", bucket),
            target=("buckets", bucket),
            words="",
            rendering=_notification(context, bucket, ()),
            notice=None,
        )


def _notification(context: Resolving, bucket: str, own: tuple[Notice, ...]) -> Rendering:
    name = context.attribute("buckets", bucket, "id")
    former = tuple(label(one) for one in context.keys("buckets", bucket)[:-1])
    told = tells_eventbridge(context, bucket)
    return notification(label(bucket), name, ("buckets", bucket), own, former=former, eventbridge=told)


def _names(wire: Wire) -> Iterator[Name]:
    if wire.role:
        yield role_name("the role of a subscription", wire.name)


def _render(wires: tuple[Wire, ...], _digests: Digests) -> Iterator[Rendering]:
    yield from (wire.rendering for wire in wires if wire.rendering)


def _drawing(wires: tuple[Wire, ...], _pipeline: Pipeline) -> Iterator[Edge]:
    for wire in (one for one in wires if one.target != one.source):
        yield Edge(
            tail=wire.source,
            head=wire.target,
            text=wire.words,
            accent=wire.source,
            relation=Relation.NOTICE,
        )


WIRING: Kind[Wire] = Kind(
    section=SECTION,
    noun="wire",
    type=Wire,
    address="aws_sns_topic_subscription",
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=None,
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)


def senders(context: Context, section: str, key: str) -> Senders:
    """The services that send to a queue or topic, each with the ARNs of what it sends for."""
    topics: dict[str, list[Joined]] = {}
    for topic in _naming(context, "topics", "subscriptions", section, key):
        service = principal(_elsewhere(context, topic), context.region)
        topics.setdefault(service, []).append(context.arn("topics", topic))
    buckets = _naming(context, "buckets", "notify", section, key)
    found = {
        **{service: tuple(arns) for service, arns in topics.items()},
        "s3": tuple(context.arn("buckets", bucket) for bucket in buckets),
        "events": tuple(_event_rules(context, section, key)),
    }
    return tuple((service, arns) for service, arns in found.items() if arns)


def principal(topic: str | None, subscriber: str) -> str:
    """As what SNS delivers to a `subscriber` from the region of a `topic`, None for the same one.

    Where one of the regions has to be enabled, it does so in the name of that one, the subscriber's first.
    https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
    """
    optional = (one for one in (subscriber, topic) if one in OPT_IN_REGIONS)
    region = next(optional, None) if topic else None
    return f"sns.{region}" if region else "sns"


def _naming(context: Context, source: str, setting: str, section: str, key: str) -> tuple[str, ...]:
    """The keys of the resources of `source` whose `setting` names a resource of `section`."""
    return tuple(
        name
        for name, settings in context.data[source].items()
        if any(
            key in (one.get(section.removesuffix("s")), one.get("failed") if section == "queues" else None)
            for one in settings.get(setting, ())
        )
    )


def _event_rules(context: Context, section: str, key: str) -> Iterator[Joined]:
    """The ARNs of the rules of `events` that send to a resource; schedules do so by a role."""
    for name, settings in context.data["events"].items():
        named = [one.get(section.removesuffix("s")) for one in settings["to"]]
        named += [settings.get("failed")] if section == "queues" else []
        if "pattern" in settings and key in named:
            bus = bus_of(context, settings, ("events", name))
            if bus:
                yield bus.rule_arn(context, context.name_of("events", name))
