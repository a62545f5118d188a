"""A function is triggered by its own log."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.log_group import LogGroupTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function that subscribes to its own log group."""
    for function in pipeline.all(Function):
        for trigger in function.by(LogGroupTrigger):
            if trigger.name == function.log_group:
                message = f"`{function.key}` is triggered by its own log: it would invoke itself endlessly"
                yield Finding((*trigger.path, "log_group"), message, "Give the log to another function.")


RULE = Rule(
    code="IOT401",
    summary="A function is triggered by its own log.",
    why=(
        "Each invocation writes log lines, and these cause the next one, without an end. It costs money "
        "and takes up concurrency until somebody stops it."
    ),
    fix="Give the log to another function.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html",
    check=check,
)
