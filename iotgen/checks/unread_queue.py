"""Messages are sent to a queue that triggers nothing."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES, Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Severity
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue with a sender and without a consumer."""
    read = {trigger.key for function in pipeline.all(Function) for trigger in function.by(QueueTrigger)}
    senders = {
        grant.key: function.key
        for function in reversed(pipeline.all(Function))
        for grant in function.grants
        if grant.section == QUEUES.section and grant.verb == "send"
    }
    for queue in pipeline.all(Queue):
        if queue.key in read or queue.key not in senders or not pipeline.settled(queue.path):
            continue
        said = (
            f"nothing reads `{queue.key}`: what `{senders[queue.key]}` sends to it "
            f"is deleted after {queue.retention_days} days"
        )
        yield Finding(
            queue.path, said, "name it in the `triggers` of the function that reads it", at_key=True
        )


RULE = Rule(
    "IOT336",
    "What is sent to a queue is read.",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    check,
    Severity.WARNING,
    fix="Name it in the `triggers` of the function that reads it.",
)
