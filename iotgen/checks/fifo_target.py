"""A rule of AWS IoT or an event sends to a FIFO queue."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import Event
from iotgen.kinds.queues import is_fifo
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each FIFO queue among the targets of rules and of events."""
    for rule in pipeline.all(TopicRule):
        for target in rule.every_target:
            if target.section == "queues" and is_fifo(pipeline, target.key):
                message = f"`{target.key}` is a FIFO queue, to which AWS IoT does not send"
                yield Finding((*target.path, "queue"), message, "Send to a standard queue, or to a stream.")
    for event in pipeline.all(Event):
        for one in event.targets:
            if one.section == "queues" and is_fifo(pipeline, one.key):
                message = f"`{one.key}` is a FIFO queue, and an event has no message group"
                yield Finding((*one.path, "queue"), message, "Send to a standard queue, or to a stream.")
        if event.failed_key and is_fifo(pipeline, event.failed_key):
            message = (
                f"`{event.failed_key}` is a FIFO queue, which EventBridge does not take for dead letters"
            )
            yield Finding((*event.path, "failed"), message, "Name a standard queue.")


RULE = Rule(
    code="IOT483",
    summary="A rule of AWS IoT or an event sends to a FIFO queue.",
    why=(
        "The engine that runs the rules keeps no order and gives messages no group, so its action for SQS "
        "does not support FIFO queues. AWS takes the rule, and each message fails. An event names no "
        "message group, without which EventBridge sends to no FIFO queue; its dead letters go to standard "
        "queues only."
    ),
    fix="Send to a standard queue, or to a stream, which keeps the order of each partition key.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/sqs-rule-action.html",
    check=check,
)
