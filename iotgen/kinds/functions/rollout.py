"""How new versions of a function take over: CodeDeploy shifts the calls of an alias to them.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_PRESET = re.compile(r"(?P<kind>Canary|Linear)(?P<percent>\d+)Percent(?:Every)?(?P<minutes>\d+)Minutes?")
# https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configuration-lambda.html
_CANARY, _LINEAR = (5, 10, 15, 30), (1, 2, 3, 10)


class Shift(StrEnum):
    """How calls are shifted, in the words of the spec."""

    CANARY = "canary"
    LINEAR = "linear"
    AT_ONCE = "all_at_once"


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """A way to shift calls: `percent` of them first, or in steps, and the `minutes` between two steps.

    `alarms` are the keys of those that take a new version back, beside its own errors.
    """

    shift: Shift
    percent: int = 100
    minutes: int = 0
    alarms: tuple[str, ...] = ()

    @property
    def preset(self) -> str | None:
        """The name of CodeDeploy's own configuration that does the same, None if it has none."""
        if self.shift is Shift.AT_ONCE:
            return "CodeDeployDefault.LambdaAllAtOnce"
        canary = self.shift is Shift.CANARY
        if self.percent != 10 or self.minutes not in (_CANARY if canary else _LINEAR):
            return None
        unit = "Minute" if self.minutes == 1 else "Minutes"
        kind = "Canary10Percent" if canary else "Linear10PercentEvery"
        return f"CodeDeployDefault.Lambda{kind}{self.minutes}{unit}"

    @property
    def duration(self) -> int:
        """The minutes between the first and the last shift."""
        steps = 1 if self.shift is Shift.CANARY else -(-100 // self.percent) - 1
        return self.minutes * steps

    @property
    def words(self) -> str:
        """What the new version gets, and when."""
        if self.shift is Shift.AT_ONCE:
            return "all calls at once"
        if self.shift is Shift.CANARY:
            return f"{self.percent}% of the calls for {_minutes(self.minutes)}, then all"
        every = "minute" if self.minutes == 1 else _minutes(self.minutes)
        return f"{self.percent}% more of the calls every {every}"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def resolve_rollout(setting: bool | str | Mapping[str, Any] | None) -> Rollout | None:
    """The rollout of a function, if any."""
    if not setting or setting is True:
        return None
    if isinstance(setting, str):
        named = _PRESET.fullmatch(setting)
        if not named:
            return Rollout(shift=Shift.AT_ONCE)
        shift, percent, minutes = named.groups()
        return Rollout(shift=Shift(shift.lower()), percent=int(percent), minutes=int(minutes))
    canary = "canary" in setting
    return Rollout(
        shift=Shift.CANARY if canary else Shift.LINEAR,
        percent=setting["canary" if canary else "linear"],
        minutes=setting["after" if canary else "every"],
        alarms=tuple(setting.get("alarms", ())),
    )
