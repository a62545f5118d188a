"""A message expires before its receives are used up."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue whose receives take longer than its retention period."""
    read = {trigger.key for function in pipeline.all(Function) for trigger in function.by(QueueTrigger)}
    for queue in pipeline.all(Queue):
        longest = queue.max_receives * queue.visibility_timeout
        deletes = f"`{queue.key}` deletes a message after {queue.retention_text}, before"
        if queue.delay >= queue.retention:
            message = f"{deletes} it can be received at all: its `delay` is {queue.delay} s"
            hint = f"Lower `delay`, or raise `{queue.retention_setting}`."
            yield Finding((*queue.path, queue.retention_setting), message, hint)
        elif queue.key in read and longest >= queue.retention:
            message = (
                f"{deletes} {queue.max_receives} receives, {queue.visibility_timeout} s apart, "
                "move it to the dead-letter queue"
            )
            most = queue.retention // queue.visibility_timeout
            lower = f"Set `max_receives` to less than {most}, or raise" if most > 1 else "Raise"
            yield Finding((*queue.path, "max_receives"), message, f"{lower} `{queue.retention_setting}`.")


RULE = Rule(
    code="IOT338",
    severity=Severity.WARNING,
    summary="A message expires before its receives are used up.",
    why=(
        "SQS moves a message to the dead-letter queue once it has been received `max_receives` times, and "
        "after each receive hides it for the visibility timeout. If that takes longer than the retention "
        "period, SQS deletes the message first, and it never reaches the dead-letter queue."
    ),
    fix="Lower `max_receives`, or raise `retention_days` or `retention_minutes`.",
    ignore="Messages that fail for so long may be lost.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check=check,
)
