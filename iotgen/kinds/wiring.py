"""Wiring: what topics and buckets send to queues and topics, whether these exist already or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Relation
from iotgen.model.expression import Joined, Label
from iotgen.model.kind import Kind, Resolving, Settings, no_names, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path
from iotgen.triggers.bucket import notification
from iotgen.triggers.notices import Notice, notices

SECTION = "wiring"

# The services that send to something, and the ARNs of what each sends for.
Senders = tuple[tuple[str, tuple[Joined, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Wire(Resource):
    """What the topic or bucket `source` sends to the queue or topic `target`, in the `words` of a drawing.

    `rendering` is None for a bucket's notice that is rendered with another, and for a second subscription of
    a queue, which a rule refuses. `notice` is that of a bucket.
    """

    source: Named
    target: Named
    words: str
    rendering: Rendering | None
    notice: Notice | None


def _resolve(context: Resolving) -> tuple[Wire, ...]:
    return (*_subscriptions(context), *_notices(context))


def _subscriptions(context: Resolving) -> Iterator[Wire]:
    """The subscriptions of queues."""
    for topic, settings in context.data["topics"].items():
        seen: set[str] = set()
        for index, one in enumerate(settings.get("subscriptions", ())):
            path: Path = ("topics", topic, "subscriptions", index)
            if "queue" in one and context.has("queues", one["queue"], (*path, "queue")):
                yield _subscription(context, topic, one, path, again=one["queue"] in seen)
                seen.add(one["queue"])


def _subscription(context: Resolving, topic: str, settings: Settings, path: Path, *, again: bool) -> Wire:
    queue = settings["queue"]
    own = Label(f"{label(topic)}__queue__{label(queue)}")
    holes: Mapping[str, Any] = {
        "label": own,
        "topic": context.attribute("topics", topic, "arn"),
        "queue": context.attribute("queues", queue, "arn"),
        "raw": settings.get("raw", False),
        "filter": settings.get("filter"),
        "body": settings.get("filter_scope") == "body",
    }
    # Its own key is that of the queue: a topic has one subscription of each endpoint.
    former = tuple(
        Label(f"{label(topic)}__queue__{label(one)}") for one in context.keys("queues", queue)[:-1]
    )
    rendering = Rendering("topics", path[:2], "queue_subscription", holes, moved={own: former})
    return Wire(
        key=queue,
        name=queue,
        label=own,
        path=path,
        source=("topics", topic),
        target=("queues", queue),
        words="some" if settings.get("filter") else "",
        rendering=None if again else rendering,
        notice=None,
    )


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


def _notification(context: Resolving, bucket: str, own: tuple[Notice, ...]) -> Rendering:
    name = context.attribute("buckets", bucket, "id")
    former = tuple(label(one) for one in context.keys("buckets", bucket)[:-1])
    return notification(label(bucket), name, ("buckets", bucket), own, former=former)


def _render(wires: tuple[Wire, ...], _digests: Digests) -> Iterator[Rendering]:
    yield from (wire.rendering for wire in wires if wire.rendering)


def _drawing(wires: tuple[Wire, ...], _pipeline: Pipeline) -> Iterator[Edge]:
    for wire in wires:
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
    names=no_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
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
    found = {
        "sns": _naming(context, "topics", "subscriptions", section, key),
        "s3": _naming(context, "buckets", "notify", section, key),
    }
    return tuple((service, arns) for service, arns in found.items() if arns)


def _naming(context: Context, source: str, setting: str, section: str, key: str) -> tuple[Joined, ...]:
    """The ARNs of the resources of `source` whose `setting` names a resource of `section`."""
    return tuple(
        context.arn(source, name)
        for name, settings in context.data[source].items()
        if any(one.get(section.removesuffix("s")) == key for one in settings.get(setting, ()))
    )
