"""A log group has more subscriptions than CloudWatch allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.forwards import Forward
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.log_group import LogGroupTrigger

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
_MOST = 2


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each log group with more than two: functions that it triggers, and destinations."""
    subscribed: dict[str, list[Path]] = {}
    for function in pipeline.all(Function):
        for trigger in function.by(LogGroupTrigger):
            subscribed.setdefault(trigger.name, []).append(trigger.path)
    for forward in pipeline.all(Forward):
        subscribed.setdefault(forward.log, []).append(forward.path)
    for log, paths in subscribed.items():
        if len(paths) > _MOST:
            message = f"the log group `{log}` has {len(paths)} subscriptions, but CloudWatch allows {_MOST}"
            hint = "Have one function or destination pass the lines on."
            yield Finding(paths[_MOST], message, hint)


RULE = Rule(
    code="IOT457",
    summary="A log group has more subscriptions than CloudWatch allows.",
    why=(
        "CloudWatch Logs sends the lines of a log group to two subscribers at most, functions and "
        "destinations together. AWS refuses the third in the middle of an apply."
    ),
    fix="Remove one, or have one subscriber pass the lines on.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
    check=check,
)
