"""A queue may invoke a function beyond its reserved concurrency."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.queue import LEAST_CONCURRENCY, QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger whose maximum, as the spec has it, is over the function's reservation.

    Without one in the spec, the reservation is too small for any queue, and another rule reports it.
    """
    for function in pipeline.all(Function):
        reserved = function.reserved_concurrency
        for trigger in function.by(QueueTrigger):
            most = trigger.max_concurrency
            if not reserved or not trigger.limited or most is None or most <= reserved:
                continue
            are = "is" if reserved == 1 else "are"
            message = (
                f"`{trigger.key}` may run {most} concurrent executions of `{function.key}`, "
                f"but only {reserved} {are} reserved: throttled messages become dead letters"
            )
            enough = reserved >= LEAST_CONCURRENCY
            hint = f"Set `max_concurrency` to at most {reserved}." if enough else f"Reserve at least {most}."
            yield Finding((*trigger.path, "max_concurrency"), message, hint)


RULE = Rule(
    code="IOT332",
    summary="The `max_concurrency` of a queue exceeds the function's reserved concurrency.",
    why=(
        "`max_concurrency` limits the concurrent executions for one queue, reserved concurrency those of "
        "the function. Lambda throttles what exceeds the reservation, and a throttled message counts as "
        "received: after `max_receives` it is a dead letter, though nothing was wrong with it."
    ),
    fix="Set `max_concurrency` to at most the reserved concurrency.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    check=check,
)
