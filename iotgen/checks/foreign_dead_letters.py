"""A function rejects messages of a queue that does not trigger it."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each `reject` of a queue that does not trigger the function."""
    for function in pipeline.all(Function):
        read = {trigger.key for trigger in function.by(QueueTrigger)}
        for grant in function.grants:
            rejects = grant.section == QUEUES.section and "reject" in grant.verbs
            if not rejects or grant.key in read or not pipeline.settled(function.path):
                continue
            message = (
                f"`{function.key}` may reject messages of `{grant.key}`, which does not trigger it: "
                "a redrive would deliver them to another function"
            )
            path = grant.path
            yield Finding(path, message, "Add the trigger, or remove the access.")


RULE = Rule(
    code="IOT337",
    severity=Severity.WARNING,
    summary="A function may reject messages of a queue that does not trigger it.",
    why=(
        "A redrive moves dead letters back to the queue that they belong to, and so to the function that "
        "this queue triggers. A message that another function put there is then handled by the wrong one."
    ),
    fix="Add the trigger, or remove the access.",
    ignore="Both functions take the same messages.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html",
    check=check,
)
