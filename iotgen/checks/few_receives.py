"""A good message may end in the dead-letter queue because its function was busy."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity

LEAST = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue of a function with under five tries."""
    read = {trigger.queue.key for function in pipeline.functions for trigger in function.queue_triggers}
    for queue in pipeline.queues:
        if queue.key in read and queue.max_receives < LEAST:
            times = "once" if queue.max_receives == 1 else f"{queue.max_receives} times"
            said = (
                f"a message of `{queue.key}` is tried {times} only, and a call that Lambda "
                "refuses because the function is busy counts as one"
            )
            yield Finding((*queue.path, "max_receives"), said, f"set `max_receives` to at least {LEAST}")


RULE = Rule(
    "IOT339",
    "A message that Lambda reads is tried five times at least.",
    "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check,
    Severity.WARNING,
    fix="Set `max_receives` to at least 5.",
)
