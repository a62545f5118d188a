"""The visibility timeout of a queue is too short for its consumer."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.queue import QueueTrigger

FACTOR = 6


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue whose visibility timeout is under six of its consumer's timeouts and the window."""
    queues = {queue.key: queue for queue in pipeline.all(Queue)}
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            queue = queues.get(trigger.key)  # none of one that exists already
            needed = FACTOR * function.timeout + trigger.batch_window
            if queue and queue.visibility_timeout < needed:
                message = (
                    f"a message of `{queue.key}` becomes visible again after {queue.visibility_timeout} s, "
                    f"while `{function.key}` may still process it"
                )
                hint = f"Omit `visibility_timeout`, or set it to at least {needed}."
                yield Finding((*queue.path, "visibility_timeout"), message, hint)


RULE = Rule(
    code="IOT330",
    summary="The visibility timeout of a queue is too short for its consumer.",
    why=(
        "After a function receives a message, SQS hides it for the visibility timeout. AWS recommends at "
        "least six times the function's timeout, plus the batch window, so that Lambda can retry while the "
        "function is throttled. With a shorter one messages are handled twice, and Lambda refuses one below "
        "the function's timeout."
    ),
    fix="Omit `visibility_timeout`: it follows from the consumer.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
