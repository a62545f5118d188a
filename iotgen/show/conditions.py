"""When an alarm fires, in words."""

from iotgen.model.alarm import Alarm

_MINUTE = 60
_STATISTICS = {"Sum": "sum", "Maximum": "maximum", "Average": "average"}


def condition(alarm: Alarm) -> str:
    """When its metric makes an alarm fire: `sum >= 10 in 5 min`."""
    statistic = alarm.expression or _STATISTICS.get(alarm.statistic, alarm.statistic)
    times = f", {alarm.periods} times in a row" if alarm.periods > 1 else ""
    if alarm.datapoints < alarm.periods:
        times = f", {alarm.datapoints} times out of {alarm.periods}"
    return f"{statistic} {alarm.comparison} {alarm.threshold:g} in {_minutes(alarm.period)}{times}"


def _minutes(seconds: int) -> str:
    return f"{seconds // _MINUTE} min" if seconds % _MINUTE == 0 else f"{seconds} s"
