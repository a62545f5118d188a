"""A rule sends to a FIFO queue."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.queues import is_fifo
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each FIFO queue among the targets of a rule."""
    for rule in pipeline.all(TopicRule):
        for target in rule.every_target:
            if target.section == "queues" and is_fifo(pipeline, target.key):
                message = f"`{target.key}` is a FIFO queue, to which AWS IoT does not send"
                yield Finding((*target.path, "queue"), message, "Send to a standard queue, or to a stream.")


RULE = Rule(
    code="IOT483",
    summary="A rule of AWS IoT sends to a FIFO queue.",
    why=(
        "The engine that runs the rules keeps no order and gives messages no group, so its action for SQS "
        "does not support FIFO queues. AWS takes the rule, and each message fails."
    ),
    fix="Send to a standard queue, or to a stream, which keeps the order of each partition key.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/sqs-rule-action.html",
    check=check,
)
