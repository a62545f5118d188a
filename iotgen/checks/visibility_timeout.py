"""The visibility timeout of a queue is under its consumer's timeout."""

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
    """Find each queue whose visibility timeout is under its consumer's timeout."""
    for queue, function, recommended in consumed(pipeline):
        if queue.visibility_timeout < function.timeout:
            yield finding(queue, function, recommended, "process it")


def consumed(pipeline: Pipeline) -> Iterator[tuple[Queue, Function, int]]:
    """Each queue with its consumer, and the visibility timeout that AWS recommends."""
    queues = {queue.key: queue for queue in pipeline.all(Queue)}
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            if queue := queues.get(trigger.key):  # none of one that exists already
                yield queue, function, FACTOR * function.timeout + trigger.batch_window


def finding(queue: Queue, function: Function, recommended: int, busy: str) -> Finding:
    """The finding of a visibility timeout below the recommended one, and what the function may still do."""
    message = (
        f"a message of `{queue.key}` becomes visible again after {queue.visibility_timeout} s, "
        f"while `{function.key}` may still {busy}"
    )
    hint = f"Omit `visibility_timeout`, or set it to at least {recommended}."
    return Finding((*queue.path, "visibility_timeout"), message, hint)


RULE = Rule(
    code="IOT330",
    summary="The visibility timeout of a queue is too short for its consumer.",
    why=(
        "After a function receives a message, SQS hides it for the visibility timeout. Where that is under "
        "the function's timeout, messages are handled twice, and Lambda refuses the trigger."
    ),
    fix="Omit `visibility_timeout`: it follows from the consumer.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
