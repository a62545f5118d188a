"""The states of a pipeline's alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.operate.refusal import explaining

ALARM, OK, UNKNOWN, MISSING = "ALARM", "OK", "INSUFFICIENT_DATA", "not deployed"
# Of one call.
_MOST_NAMES = 100


@dataclass(frozen=True)
class AlarmState:
    """The state of an alarm, in CloudWatch's words or `not deployed`, since when, and why."""

    alarm: Alarm
    state: str
    since: datetime | None = None
    reason: str = ""


def alarm_states(pipeline: Pipeline, cloudwatch: Any) -> Iterator[AlarmState]:
    """Each alarm with its state."""
    alarms = pipeline.all(Alarm)
    for start in range(0, len(alarms), _MOST_NAMES):
        yield from _states(alarms[start : start + _MOST_NAMES], cloudwatch)


def _states(alarms: Sequence[Alarm], cloudwatch: Any) -> Iterator[AlarmState]:
    names = [alarm.name for alarm in alarms]
    with explaining("read the states of the alarms", "cloudwatch:DescribeAlarms"):
        answer = cloudwatch.describe_alarms(
            AlarmNames=names, AlarmTypes=["MetricAlarm"], MaxRecords=_MOST_NAMES
        )
    found: Mapping[str, Any] = {one["AlarmName"]: one for one in answer["MetricAlarms"]}
    for alarm in alarms:
        one = found.get(alarm.name)
        if one is None:
            yield AlarmState(alarm, MISSING)
        else:
            since = one.get("StateTransitionedTimestamp") or one.get("StateUpdatedTimestamp")
            yield AlarmState(alarm, one["StateValue"], since, one.get("StateReason", ""))
