"""A function that reads a queue has too little reserved concurrency."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger

LEAST = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each consumer of a queue with less than five reserved concurrent executions.

    Where its triggers ask for more than it has, that is the fault, and other rules report it.
    """
    for function in pipeline.all(Function):
        reserved = function.reserved_concurrency or LEAST
        total = sum(trigger.max_concurrency or 0 for trigger in function.by(QueueTrigger))
        if function.by(QueueTrigger) and total <= reserved < LEAST:
            message = (
                f"`{function.key}` reads a queue and reserves {reserved} concurrent executions, but Lambda "
                "starts with five pollers, and a throttled message counts as received"
            )
            yield Finding(function.setting("reserved_concurrency"), message, f"Reserve at least {LEAST}.")


RULE = Rule(
    code="IOT346",
    severity=Severity.WARNING,
    summary="A function that reads a queue has fewer than five reserved concurrent executions.",
    why=(
        "Lambda starts by polling a queue with five concurrent batches. Batches that exceed the reservation "
        "are throttled, and their messages count as received. AWS recommends reserving at least 5."
    ),
    fix="Reserve at least 5.",
    ignore="Messages are so few that their batches do not meet.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
