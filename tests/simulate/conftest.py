"""A time that passes only when something waits, and small fleets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import pytest

from iotgen.simulate.fleet import Fleet, plan
from iotgen.simulate.options import Options, Shares
from iotgen.simulate.send import Timing

START = 1_700_000_000_000


@dataclass
class Clock:
    """Seconds that pass only by waiting."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def now(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        with self.lock:
            self.waits.append(seconds)
            self.seconds += seconds

    @property
    def timing(self) -> Timing:
        return Timing(self.now, self.wait)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def small_fleet(count: int = 20, shares: Shares | None = None, **options: Any) -> Fleet:
    """A fleet that doesn't pause and sends one request at a time, unless it is told to."""
    told = {"seed": 1, "start": START, "interval": 0.0, "workers": 1, **options}
    return plan(Options(count=count, shares=shares or Shares(), **told))


@pytest.fixture(scope="session", name="fleet_of")
def _fleet_of() -> Callable[..., Fleet]:
    return small_fleet
