"""A queue calls a function more often at once than the function is allowed to run."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger whose maximum is over the function's reservation."""
    for function in pipeline.all(Function):
        reserved = function.reserved_concurrency
        for trigger in function.by(QueueTrigger):
            if not reserved or trigger.max_concurrency is None or trigger.max_concurrency <= reserved:
                continue
            message = (
                f"`{trigger.key}` may call `{function.key}` {trigger.max_concurrency} times at once, "
                f"but {reserved} are reserved: refused messages end in the dead-letter queue"
            )
            hint = f"Set `max_concurrency` to at most {reserved}." if reserved >= 2 else "Reserve at least 2."
            yield Finding((*trigger.path, "max_concurrency"), message, hint)


RULE = Rule(
    code="IOT332",
    summary="A queue may call a function more often at once than its reserved concurrency allows.",
    why=(
        "`max_concurrency` limits how many calls a queue makes at a time, reserved concurrency how many the "
        "function runs. Lambda throttles what exceeds the reservation, and a throttled message counts as "
        "received: after `max_receives` it is a dead letter, though nothing was wrong with it."
    ),
    fix="Set `max_concurrency` to at most what is reserved.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    check=check,
)
