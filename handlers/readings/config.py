"""The configuration parameter: parsed strictly, cached, and the last good one kept when a new one is bad."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from readings import exact_json, schema

CACHE_SECONDS = 60
RETRY_SECONDS = 5

_SECTIONS = ("thresholds", "alerts", "clock", "limits", "registry")


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The bounds of one sensor; a value outside of them notifies."""

    min: int | Decimal | None
    max: int | Decimal | None


@dataclass(frozen=True, slots=True)
class ClockBounds:
    """How far a device's time may be from the time of arrival; None is any distance."""

    max_future_seconds: int | None
    max_past_seconds: int | None
    refuse: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may hold."""

    body_bytes: int
    readings: int
    reading_bytes: int
    page: int
    retry_window_seconds: int


@dataclass(frozen=True, slots=True)
class Registry:
    """Where devices are looked up; no URL, no look-up."""

    url: str | None
    timeout_seconds: float
    cache_seconds: int


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration; see schemas/config.json for the meaning of each key."""

    thresholds: Mapping[str, Threshold]
    cooldown_seconds: int
    retention_days: int | None
    clock: ClockBounds
    limits: Limits
    registry: Registry


def parse(text: str) -> Config:
    """Read the parameter's value; raise ConfigError."""
    try:
        document = exact_json.loads(text)
        sections: dict[str, Any] = {name: {} for name in _SECTIONS}
        filled = schema.fill_config(sections | document if isinstance(document, dict) else document)
    except exact_json.JsonError as error:
        raise ConfigError(str(error)) from None
    except schema.MismatchError as mismatch:
        raise ConfigError(mismatch.reason) from None
    clock, registry = filled["clock"], filled["registry"]
    return Config(
        thresholds={
            sensor: Threshold(bounds.get("min"), bounds.get("max"))
            for sensor, bounds in filled["thresholds"].items()
        },
        cooldown_seconds=filled["alerts"]["cooldown_seconds"],
        retention_days=filled["retention_days"],
        clock=ClockBounds(
            clock["max_future_seconds"], clock["max_past_seconds"], clock["beyond"] == "refuse"
        ),
        limits=Limits(**filled["limits"]),
        registry=Registry(registry["url"], float(registry["timeout_seconds"]), registry["cache_seconds"]),
    )


class ConfigSource:
    """The configuration in Parameter Store, read at most once in CACHE_SECONDS.

    A parameter that cannot be read or used leaves the last good configuration in force. Where there was none
    the defaults hold and `known` is False: readings can be stored, but whether they cross a threshold is
    not known, so whoever judges them must let them come again. It is read again after RETRY_SECONDS then.
    Each failure goes to `on_error`, which makes it visible.
    """

    def __init__(self, ssm: Callable[[], Any], name: str, now: Callable[[], int]) -> None:
        self._ssm, self._name, self._now = ssm, name, now
        self.known = False
        self._current: Config | None = None
        self._lasts = RETRY_SECONDS
        self._fresh_until = 0

    def get(self, on_error: Callable[[Exception], None]) -> Config:
        """Give the configuration in force."""
        if self._now() >= self._fresh_until:
            try:
                self._current = parse(self._ssm().get_parameter(Name=self._name)["Parameter"]["Value"])
                self.known, self._lasts = True, CACHE_SECONDS
            except Exception as error:  # whatever it is, the pipeline goes on
                on_error(error)
            self._fresh_until = self._now() + self._lasts * 1000
        if self._current is None:
            self._current = parse("{}")
        return self._current
