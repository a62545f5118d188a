"""A queue's messages come back while they are still worked on."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.triggers.queue import QueueTrigger

FACTOR = 6


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue whose visibility timeout is under six of its consumer's timeouts and the window."""
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            queue = pipeline.get(Queue, trigger.key)
            needed = FACTOR * function.timeout + trigger.batch_window
            if queue.visibility_timeout < needed:
                said = (
                    f"a message of `{queue.key}` comes back after {queue.visibility_timeout} s, "
                    f"while `{function.key}` may still work on it"
                )
                hint = f"leave `visibility_timeout` out, or make it at least {needed}"
                yield Finding((*queue.path, "visibility_timeout"), said, hint)


RULE = Rule(
    "IOT330",
    "A queue's visibility timeout is at least six times its consumer's timeout, and its batch window.",
    "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check,
    fix="Leave `visibility_timeout` out: it follows from the consumer.",
)
