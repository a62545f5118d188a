"""An alarm wants more datapoints than it has periods."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each alarm that could never have as many."""
    for alarm in pipeline.all(Alarm):
        if alarm.datapoints > alarm.periods:
            message = f"`{alarm.key}` cannot go off in {alarm.datapoints} of {alarm.periods} periods"
            hint = f"Set `periods` to at least {alarm.datapoints}, or fewer `datapoints`."
            yield Finding((*alarm.path, "datapoints"), message, hint)


RULE = Rule(
    code="IOT472",
    summary="An alarm wants more datapoints than it has periods.",
    why=(
        "An alarm goes off when the threshold is reached in `datapoints` of the last `periods`. CloudWatch "
        "refuses one that counts more of them than it looks at."
    ),
    fix="Set more `periods`, or fewer `datapoints`.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    check=check,
)
