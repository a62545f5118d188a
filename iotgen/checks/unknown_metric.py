"""An alarm watches a metric that AWS does not publish."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.aws_metrics import PUBLISHED, Published
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.spec.nearest import nearest


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each metric of a namespace of AWS's that its page does not list."""
    for part in (part for alarm in pipeline.all(Alarm) for part in alarm.measured):
        published = PUBLISHED.get(part.namespace)
        if published is None or part.metric in published.names:
            continue
        meant = _meant(part.metric, published)
        if meant or not published.more:
            suggestion = f"; did you mean `{meant}`?" if meant else ""
            message = f"{part.namespace} has no metric `{part.metric}`{suggestion}"
            hint = f"Write `metric: {meant}`." if meant else f"Its metrics are listed at {published.page}."
            yield Finding((*part.path, "metric"), message, hint)


def _meant(metric: str, published: Published) -> str | None:
    """The metric that one is like, or is the beginning of."""
    longer = (name for name in published.names if name.lower().startswith(metric.lower()))
    return nearest(metric, published.names) or next(longer, None)


RULE = Rule(
    code="IOT459",
    severity=Severity.WARNING,
    summary="An alarm watches a metric that AWS does not publish.",
    why=(
        "CloudWatch takes an alarm on a metric of any name. One that no service publishes never has data, so "
        "the alarm never goes off. Names are those of the service's page, capitals included."
    ),
    fix="Write the metric's name as the service's page has it.",
    ignore="The metric is newer than this version of iotgen.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html",
    check=check,
)
