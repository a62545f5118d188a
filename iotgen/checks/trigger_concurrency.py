"""The queues of a function together may exceed its reserved concurrency."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.queue import LEAST_CONCURRENCY, QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function whose triggers exceed its reservation together, but not one by one."""
    for function in pipeline.all(Function):
        reserved = function.reserved_concurrency
        each = [trigger.max_concurrency or 0 for trigger in function.by(QueueTrigger)]
        if not reserved or len(each) < 2 or max(each) > reserved or sum(each) <= reserved:
            continue
        lower = ", or lower each `max_concurrency`" if len(each) * LEAST_CONCURRENCY <= reserved else ""
        message = (
            f"the queues of `{function.key}` may run {' + '.join(map(str, each))} concurrent executions, but "
            f"only {reserved} are reserved: throttled messages become dead letters"
        )
        yield Finding(
            (*function.path, "triggers"),
            message,
            f"Reserve at least {sum(each)}{lower}.",
            at_key=True,
        )


RULE = Rule(
    code="IOT334",
    summary="The queues of a function together may exceed its reserved concurrency.",
    why=(
        "Each `max_concurrency` holds for one queue, and all queues of a function share its reserved "
        "concurrency. Lambda throttles what exceeds it, and a throttled message counts as received: after "
        "`max_receives` it is a dead letter, though nothing was wrong with it."
    ),
    fix="Reserve the sum of `max_concurrency` of all triggers, or lower them.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    check=check,
)
