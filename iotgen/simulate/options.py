"""The options of a simulation: the fleet, its traffic and its faults, as one frozen object."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import Any

from iotgen.errors import UsageError

MOST_READINGS = 10_000_000
MOST_IN_BATCH = 1000


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)


@dataclass(frozen=True, kw_only=True)
class Shares:
    """The share of readings of each kind, from 0 to 1; the rest are normal."""

    late: float = 0.0
    out_of_order: float = 0.0
    untimed: float = 0.0
    duplicate: float = 0.0
    future: float = 0.0
    malformed: float = 0.0
    oversized: float = 0.0

    def __post_init__(self) -> None:
        shares = {field.name: float(getattr(self, field.name)) for field in fields(self)}
        for name, share in shares.items():
            _require(
                0 <= share <= 1, f"the share of {name.replace('_', '-')} readings is not between 0 and 1"
            )
        total = sum(shares.values())
        _require(total <= 1 + 1e-9, f"the shares add up to more than 1: {total:g}")


SHARES = tuple(field.name for field in fields(Shares))
NO_FAULTS = Shares()
SOME_FAULTS = Shares(
    late=0.05,
    out_of_order=0.05,
    untimed=0.02,
    duplicate=0.05,
    future=0.01,
    malformed=0.03,
    oversized=0.005,
)
"""A small share of each fault."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a run. The same options give the same readings, to the byte.

    `start` is the fleet's time in milliseconds since the epoch: of its first reading, or with `interval` 0 of
    its last. `interval` is in seconds, from one reading of a device to its next; 0 is as fast as possible.
    `repeated` is the share of requests whose response is treated as lost, so that they are sent again.
    `patience` is how long to retry a request that is throttled or fails, in seconds.
    """

    seed: int
    start: int
    devices: int = 10
    count: int = 100
    interval: float = 1.0
    batch: int = 10
    shares: Shares = NO_FAULTS
    repeated: float = 0.0
    workers: int = 8
    patience: float = 60.0

    def __post_init__(self) -> None:
        _require(1 <= self.devices <= 100_000, "there must be 1 to 100000 devices")
        _require(1 <= self.count <= MOST_READINGS, f"there must be 1 to {MOST_READINGS} readings")
        _require(0 <= self.interval <= 86_400, "the interval must be 0 to 86400 seconds")
        _require(1 <= self.batch <= MOST_IN_BATCH, f"a batch holds 1 to {MOST_IN_BATCH} readings")
        _require(0 <= self.repeated <= 1, "the share of repeated requests is not between 0 and 1")
        _require(1 <= self.workers <= 64, "there must be 1 to 64 workers")
        _require(self.start >= 0, "the start must not be before 1970")

    @property
    def run(self) -> str:
        """The run's name: a digest of the options that determine its readings, in ten characters."""
        shares = tuple(float(getattr(self.shares, name)) for name in SHARES)
        shape = (self.seed, self.start, self.devices, self.count, float(self.interval), self.batch, shares)
        return blake2b(repr(shape).encode(), digest_size=5).hexdigest()


def asked(flags: Mapping[str, Any], now: int, seed: int) -> Options:
    """The options from the values of a user's flags; None is an omitted flag.

    `now`, in milliseconds since the epoch, and `seed` are the defaults. `faults` selects SOME_FAULTS, in
    which the flags of shares replace those of the same name. Raises UsageError.
    """
    chosen = {name: value for name, value in flags.items() if value is not None}
    shares = SOME_FAULTS if chosen.pop("faults", False) else NO_FAULTS
    shares = replace(shares, **{name: chosen.pop(name) for name in SHARES if name in chosen})
    if "duration" in chosen:
        _require("count" not in chosen, "use either `--count` or `--duration`, not both")
        devices, interval = chosen.get("devices", Options.devices), chosen.get("interval", Options.interval)
        chosen["count"] = readings_in(chosen.pop("duration"), devices, interval)
    return Options(**{"seed": seed, "start": now, **chosen}, shares=shares)


def readings_in(duration: float, devices: int, interval: float) -> int:
    """The number of readings of a fleet in `duration` seconds."""
    _require(interval > 0, "`--duration` needs an `--interval` of more than 0")
    return max(1, round(duration * devices / interval))
