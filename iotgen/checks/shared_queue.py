"""A queue triggers two functions."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.dead_letters import DeadLetterTrigger
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger by a queue, or by its dead letters, that triggers another function already."""
    first: dict[str, str] = {}
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            reader = first.setdefault(trigger.key, function.key)
            if reader != function.key:
                message = (
                    f"`{trigger.key}` also triggers `{reader}`: each message reaches only one of the two"
                )
                yield Finding((*trigger.path, "queue"), message, "Give each function a queue of its own.")
    rejected: dict[str, str] = {}
    for function in pipeline.all(Function):
        for letters in function.by(DeadLetterTrigger):
            reader = rejected.setdefault(letters.key, function.key)
            if reader != function.key:
                message = (
                    f"the dead letters of `{letters.key}` also trigger `{reader}`: "
                    "each reaches only one of the two"
                )
                yield Finding((*letters.path, "dead_letters"), message, "Remove one of the two triggers.")


RULE = Rule(
    code="IOT335",
    severity=Severity.WARNING,
    summary="A queue triggers two functions.",
    why=(
        "SQS hides a message from all consumers while one of them has it. With two functions each message "
        "goes to one of them, by chance, and neither gets all."
    ),
    fix="Give each function a queue of its own.",
    ignore="Both functions do the same with a message.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html",
    check=check,
)
