"""A FIFO queue hands over more than ten messages, or waits for a batch to fill."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import is_fifo
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.dead_letters import DeadLetterTrigger
from iotgen.triggers.queue import QueueTrigger

_MOST = 10


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger by a FIFO queue with a large batch or a window."""
    for function in pipeline.all(Function):
        polled: list[QueueTrigger | DeadLetterTrigger] = list(function.by(QueueTrigger))
        for trigger in (*polled, *function.by(DeadLetterTrigger)):
            if not is_fifo(pipeline, trigger.key):
                continue
            if trigger.batch_window:
                message = f"`{trigger.key}` is a FIFO queue, for which Lambda has no batch window"
                yield Finding((*trigger.path, "batch_window"), message, "Omit `batch_window`.")
            if trigger.batch_size > _MOST:
                message = (
                    f"a batch of {trigger.batch_size} is too large: of the FIFO queue `{trigger.key}`, "
                    f"Lambda takes {_MOST} messages at most"
                )
                yield Finding((*trigger.path, "batch_size"), message, f"Set `batch_size: {_MOST}`, or less.")


RULE = Rule(
    code="IOT463",
    summary="A trigger by a FIFO queue has a batch window, or more than ten messages a batch.",
    why=(
        "Lambda takes at most ten messages of a FIFO queue at a time, and does not wait for more. It refuses "
        "an event source mapping with a larger batch or with a window."
    ),
    fix="Omit `batch_window`, and set `batch_size` to ten or less.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html",
    check=check,
)
