"""A topic, a bucket or an event sends to a queue or topic that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import BusEvent, bus_events
from iotgen.kinds.wiring import Wire
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue and topic whose policy iotgen does not write."""
    outside = {(one.section, one.key) for one in pipeline.all(Outside)}
    for wire in pipeline.all(Wire):
        if wire.target in outside:
            section, key = wire.target
            action = "sqs:SendMessage" if section == "queues" else "sns:Publish"
            service = "sns" if wire.source[0] == "topics" else "s3"
            message = f"`{key}` exists already: its own policy must let `{wire.source[1]}` send to it"
            hint = (
                f"Allow `{action}` for {service}.amazonaws.com there, on the condition of its aws:SourceArn."
            )
            yield Finding((*wire.path, section.removesuffix("s")), message, hint)
    yield from _of_events(pipeline, outside)


def _of_events(pipeline: Pipeline, outside: set[Named]) -> Iterator[Finding]:
    """Rules of EventBridge send to these by their policies; schedules by a role."""
    for event in bus_events(pipeline):
        for target in event.targets:
            if target.head in outside and target.section in ("queues", "topics"):
                yield _told(event, target.key, target.section, (*target.path, target.word))
        if event.failed_key and ("queues", event.failed_key) in outside:
            yield _told(event, event.failed_key, "queues", (*event.path, "failed"))


def _told(event: BusEvent, key: str, section: str, path: Path) -> Finding:
    action = "sqs:SendMessage" if section == "queues" else "sns:Publish"
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    condition = " on the condition of its aws:SourceArn" if section == "queues" else " without a condition"
    message = f"`{key}` exists already: its own policy must let `{event.key}` send to it"
    return Finding(path, message, f"Allow `{action}` for events.amazonaws.com there,{condition}.")


RULE = Rule(
    code="IOT466",
    severity=Severity.WARNING,
    summary="A topic, a bucket or an event sends to a queue or topic that exists already.",
    why=(
        "What may send to a queue or a topic is in its policy, which is one text. iotgen writes it for what "
        "it makes, and leaves that of others alone. S3 refuses a notification whose receiver does not allow "
        "it; SNS and EventBridge take the subscription or the target, and what they send is lost."
    ),
    fix="Add the statement to the policy, where the queue or topic is made.",
    ignore="The policy allows it already.",
    source="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    check=check,
)
