"""An alarm watches a metric of log lines by other dimensions than the metric has."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.metrics import LogMetric
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each alarm on one of the spec's `metrics` that leaves a dimension out, or has another one."""
    known: dict[tuple[str, str], list[LogMetric]] = {}
    for metric in pipeline.all(LogMetric):
        known.setdefault((metric.namespace, metric.metric), []).append(metric)
    for part in (part for alarm in pipeline.all(Alarm) for part in alarm.measured):
        counted = known.get((part.namespace, part.metric), [])
        if not counted or any(one.log.dimensions.keys() == part.dimensions.keys() for one in counted):
            continue
        wanted = list(counted[0].log.dimensions)
        has = f"has {listed(wanted)}" if wanted else "has no dimensions"
        message = f"no data has these dimensions: `{counted[0].key}` of `metrics` {has}"
        values = ", ".join(f"{name}: VALUE" for name in wanted)
        hint = f"Write `dimensions: {{{values}}}`." if wanted else "Remove `dimensions`."
        yield Finding((*part.path, *(("dimensions",) if part.dimensions else ())), message, hint)


RULE = Rule(
    code="IOT394",
    severity=Severity.WARNING,
    summary="An alarm watches a metric of log lines by other dimensions than the metric has.",
    why=(
        "Each combination of a metric's dimensions is a metric of its own, and CloudWatch adds none of them "
        "up. An alarm that leaves one out, or has another, watches a metric without data, and never goes off."
    ),
    fix="Give the alarm the dimensions that the metric has, each with a value.",
    ignore="Something else publishes a metric of that name, too.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html",
    check=check,
)
