"""A good message may become a dead letter because its function was throttled."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger

LEAST = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue of a function with fewer than five receives."""
    read = {trigger.key for function in pipeline.all(Function) for trigger in function.by(QueueTrigger)}
    for queue in pipeline.all(Queue):
        if queue.key in read and queue.max_receives < LEAST:
            times = "once" if queue.max_receives == 1 else f"{queue.max_receives} times"
            message = (
                f"a message of `{queue.key}` is received {times} at most, and a throttled "
                "invocation counts as a receive"
            )
            yield Finding((*queue.path, "max_receives"), message, f"Set `max_receives` to at least {LEAST}.")


RULE = Rule(
    code="IOT339",
    severity=Severity.WARNING,
    summary="Messages of a busy function become dead letters after fewer than five receives.",
    why=(
        "When a function is throttled, its messages go back to the queue, and the attempt counts as a "
        "receive. AWS recommends a `max_receives` of at least 5, so that good messages do not become dead "
        "letters because the function was busy."
    ),
    fix="Set `max_receives` to at least 5.",
    ignore="A second attempt would do harm, and somebody watches the dead-letter queue.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
