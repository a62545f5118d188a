"""A function that reads a queue has too little reserved concurrency."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import LEAST_CONCURRENCY, QueueTrigger

LEAST = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each consumer of a queue with less than five reserved concurrent executions.

    Where its triggers ask for more than it has, that is the fault, and other rules report it. The message
    does not name the function: a number of an anchor or of the defaults is one problem, where it is written.
    """
    for function in pipeline.all(Function):
        reserved = function.reserved_concurrency or LEAST
        triggers = function.by(QueueTrigger)
        total = sum(trigger.max_concurrency or 0 for trigger in triggers)
        too_few = reserved < LEAST_CONCURRENCY and not any(trigger.limited for trigger in triggers)
        if triggers and reserved < LEAST and (total <= reserved or too_few):
            message = (
                f"a function that reads a queue reserves {_executions(reserved)}, but {_cause(reserved)}, "
                "and a throttled message counts as received"
            )
            yield Finding(function.setting("reserved_concurrency"), message, f"Reserve at least {LEAST}.")


def _executions(reserved: int) -> str:
    return "only one concurrent execution" if reserved == 1 else f"{reserved} concurrent executions"


def _cause(reserved: int) -> str:
    if reserved < LEAST_CONCURRENCY:
        return f"no queue can be limited to fewer than {LEAST_CONCURRENCY} (`max_concurrency`)"
    return "Lambda starts with five pollers"


RULE = Rule(
    code="IOT346",
    severity=Severity.WARNING,
    summary="A function that reads a queue has fewer than five reserved concurrent executions.",
    why=(
        "Lambda starts by polling a queue with five concurrent batches. Batches that exceed the reservation "
        "are throttled, and their messages count as received. No queue can be limited to fewer than 2 "
        "concurrent batches. AWS recommends reserving at least 5."
    ),
    fix="Reserve at least 5.",
    ignore="Messages are so few that their batches do not meet.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
