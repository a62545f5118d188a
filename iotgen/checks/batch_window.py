"""A batch of more than ten messages has no batch window."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import is_fifo
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.dead_letters import DeadLetterTrigger
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue trigger with over ten messages and no window."""
    for function in pipeline.all(Function):
        polled: list[QueueTrigger | DeadLetterTrigger] = list(function.by(QueueTrigger))
        for trigger in (*polled, *function.by(DeadLetterTrigger)):
            fifo = is_fifo(pipeline, trigger.key)  # these have no window, and a rule of their own
            if trigger.batch_size > 10 and trigger.batch_window < 1 and not fifo:
                message = f"a batch of {trigger.batch_size} needs a `batch_window` of at least 1 second"
                yield Finding((*trigger.path, "batch_size"), message, "Add `batch_window: 1`, or more.")


RULE = Rule(
    code="IOT331",
    summary="A batch of more than ten messages needs a batch window.",
    why=(
        "SQS hands out ten messages at a time; Lambda collects more of them only within a batch window. It "
        "refuses an event source mapping with a larger batch and without a window."
    ),
    fix="Add `batch_window: 1`, or more.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
