"""An alarm looks further back than CloudWatch evaluates."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_HOUR, _DAY = 3600, 86400
_WEEK = 7 * _DAY


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each alarm whose periods are longer in total than is allowed."""
    for alarm in pipeline.all(Alarm):
        most = _WEEK if alarm.period >= _HOUR else _DAY
        if alarm.period * alarm.periods > most:
            message = (
                f"`{alarm.key}` looks back {alarm.period * alarm.periods} s, in {alarm.periods} periods of "
                f"{alarm.period} s; CloudWatch allows {most} s"
            )
            yield Finding(
                (*alarm.path, "periods"), message, f"Set `periods` to {most // alarm.period} or less."
            )


RULE = Rule(
    code="IOT451",
    summary="An alarm looks further back than CloudWatch evaluates.",
    why=(
        "The periods of an alarm may span one day in total, and seven days where a period is an hour or "
        "more. AWS refuses the alarm otherwise, at the end of an apply."
    ),
    fix="Set fewer periods, or longer ones.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    check=check,
)
