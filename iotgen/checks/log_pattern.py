"""A pattern of log lines that CloudWatch refuses, or understands differently."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.forwards import Forward
from iotgen.kinds.metrics import LogMetric
from iotgen.model.alarm import Alarm
from iotgen.model.log_pattern import fault
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each pattern of an alarm, a metric or a destination that is none."""
    counts: tuple[Alarm | LogMetric, ...] = (*pipeline.all(Alarm), *pipeline.all(LogMetric))
    for one in counts:
        found = fault(one.log.pattern) if one.log else None
        if found:
            message, hint = found
            yield Finding((*one.path, "pattern"), f"the pattern of `{one.key}` {message}", hint)
    for forward in pipeline.all(Forward):
        if forward.pattern and (found := fault(forward.pattern)):
            message, hint = found
            yield Finding((*forward.path, "pattern"), f"the pattern of `{forward.key}` {message}", hint)


RULE = Rule(
    code="IOT450",
    summary="A pattern of log lines that CloudWatch refuses, or understands differently.",
    why=(
        "CloudWatch Logs reads a pattern by its first character: terms, JSON in braces, fields in brackets, "
        "or a regular expression between percent signs. AWS refuses one that is incomplete at the end of an "
        "apply, and a word in brackets is the name of a field, which matches lines that have nothing to do "
        "with it."
    ),
    fix="Complete the pattern, and write phrases and special characters in quotation marks.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    check=check,
)
