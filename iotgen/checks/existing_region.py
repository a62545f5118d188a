"""What exists already in another region than what AWS lets it reach: queues, and topics."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.wiring import Wire
from iotgen.model.alarm import Alarm
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.queue import QueueTrigger
from iotgen.triggers.topic import TopicTrigger

# A queue may have messages of a topic in any region. https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
_BY_A_QUEUE = "Subscribe a queue of the pipeline to it, which triggers the function."


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each existing resource in another region whose user AWS wants in the same one."""
    users = {**dict(_receivers(pipeline)), **dict(_users(pipeline))}
    for one in pipeline.all(Outside):
        if one.path in users and one.region not in (None, pipeline.region):
            wanted, hint = users[one.path]
            message = f"the {one.noun} `{one.key}` is in {one.region} and {wanted} in {pipeline.region}"
            yield Finding((*one.path, "existing"), message, hint or f"Use a {one.noun} in {pipeline.region}.")
    for wire in (one for one in pipeline.all(Wire) if one.elsewhere and one.kept):
        message = f"the topic is in {wire.elsewhere}, and keeps what it cannot deliver in that region only"
        yield Finding((*wire.path, "failed"), message, "Omit `failed`.")


def _users(pipeline: Pipeline) -> Iterator[tuple[Path, tuple[str, str]]]:
    """The path of what is used, with what AWS refuses of it in another region, and what to do instead."""
    for alarm in pipeline.all(Alarm):
        for topic in alarm.receivers:
            yield topic.path, ("cannot be notified by alarms", "")
    for wire in pipeline.all(Wire):
        if wire.target[0] == "deliveries":
            yield wire.source, (f"cannot deliver to `{wire.key}`", "")
    for function in reversed(pipeline.all(Function)):
        for trigger in function.by(QueueTrigger):
            yield trigger.resource, (f"cannot trigger `{function.key}`", "")
        for heard in function.by(TopicTrigger):
            wanted = f"could not keep what it cannot deliver to `{function.key}`"
            yield heard.resource, (wanted, _BY_A_QUEUE)


def _receivers(pipeline: Pipeline) -> Iterator[tuple[Path, tuple[str, str]]]:
    """The same of the targets of events."""
    for event in pipeline.all(Event):
        for target in event.targets:
            if target.section != "buses":
                yield target.head, (f"gets no events of `{event.key}`", "")


RULE = Rule(
    code="IOT415",
    summary="What exists already is in another region than what it reaches.",
    why=(
        "Lambda polls queues of its own region only, and CloudWatch notifies topics of the alarm's region "
        "only; both may be of another account. AWS refuses others in the middle of an apply. A topic of "
        "another region delivers to queues and functions, but keeps what it cannot deliver in its own only. "
        "EventBridge sends to no queue, topic, stream or workflow of another region."
    ),
    fix="Use one in the pipeline's region, or subscribe a queue to the topic.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
