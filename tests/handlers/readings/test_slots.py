"""Turns to notify, of containers whose clocks may differ, on a table in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from readings.alert_memory import AlertMemory
from readings.aws_errors import BusyError
from readings.backoff import Backoff
from readings.slots import PER_MINUTE, SPACING_MS, Slots

MINUTE = 60_000


@dataclass
class Shared:
    """The item that all containers move on, in place of a Table; and the true time."""

    now: float = 10 * MINUTE
    item: Mapping[str, Any] | None = None
    writes: int = 0
    sort_key: str = "event_date"
    name: str = "table"

    def put_if(self, item: Mapping[str, Any], _: str, __: Any, values: Mapping[str, Any]) -> Any:
        self.writes += 1
        if self.item is not None and self.item["number"] != values.get(":number"):
            return self.item
        self.item = item
        return None


@dataclass
class Container:
    shared: Any
    ahead: float = 0
    seconds: float = 100
    memory: AlertMemory = field(default_factory=AlertMemory)
    slept: float = 0

    def take(self, *, storm: bool = False) -> tuple[float, Any]:
        """Take a turn; give when it comes, by the true time."""
        self.slept = 0
        slots = Slots(self.shared, self.memory, self._backoff(), lambda: int(self.shared.now + self.ahead))
        slot = slots.take(storm=storm)
        return self.shared.now + self.slept * 1000, slot

    def _backoff(self) -> Backoff:
        return Backoff(self._sleep, lambda: 1.0, lambda: self.seconds)

    def _sleep(self, seconds: float) -> None:
        self.slept += seconds


def busiest(times: list[float], span: float) -> int:
    return max(sum(at <= other < at + span for other in times) for at in times)


def test_turns_taken_at_once_come_one_after_the_other() -> None:
    shared = Shared()
    times = [Container(shared).take() for _ in range(PER_MINUTE + 5)]
    assert [at - shared.now for at, slot in times if slot] == [n * SPACING_MS for n in range(PER_MINUTE)]
    assert [slot.last for _, slot in times if slot] == [False] * (PER_MINUTE - 1) + [True]


def test_a_container_that_knows_of_a_full_minute_does_not_ask() -> None:
    shared, container = Shared(), Container(Shared())
    container = Container(shared)
    for _ in range(PER_MINUTE):
        container.take()
    writes = shared.writes
    assert container.take()[1] is None
    assert shared.writes == writes == PER_MINUTE
    shared.now += MINUTE
    assert container.take()[1] is not None


def test_a_minute_has_one_turn_for_storms() -> None:
    shared = Shared()
    assert Container(shared).take(storm=True)[1]
    assert not Container(shared).take(storm=True)[1]
    assert Container(shared).take()[1]
    shared.now += MINUTE
    assert Container(shared).take(storm=True)[1]


def test_a_turn_that_comes_too_late_is_not_taken() -> None:
    shared = Shared()
    Container(shared).take()
    before = shared.item
    with pytest.raises(BusyError):
        Container(shared, seconds=0.3).take()
    assert shared.item == before


def test_an_item_that_expired_is_begun_anew() -> None:
    shared = Shared()
    container = Container(shared)
    container.take()
    shared.item = None
    shared.now += 2 * 24 * 60 * MINUTE
    assert container.take()[1]


def test_a_clock_that_is_far_ahead_does_not_silence_the_others() -> None:
    shared = Shared()
    Container(shared, ahead=3600_000).take()
    at, slot = Container(shared).take()
    assert slot
    assert at == shared.now


@pytest.mark.parametrize("apart", [0, 200, 600, 2000])
@pytest.mark.parametrize("seed", range(5))
def test_clocks_that_differ_keep_to_the_bound(apart: int, seed: int) -> None:
    random, shared = Random(seed), Shared()  # noqa: S311
    containers = [Container(shared, ahead=random.uniform(0, apart)) for _ in range(30)]
    times = []
    for _ in range(3000):
        shared.now += random.uniform(0, 100)
        at, slot = random.choice(containers).take()
        if slot:
            times.append(at)
    assert len(times) >= 20
    assert busiest(times, 1000) <= (1000 + apart) / SPACING_MS + 1
    assert busiest(times, MINUTE) <= 2 * PER_MINUTE


def test_what_is_owed_is_given_once() -> None:
    shared = Shared()
    container = Container(shared)
    slots = Slots(shared, container.memory, container._backoff(), lambda: int(shared.now))  # type: ignore[arg-type]
    slots.owe("2023-11-14T22:13")
    assert Container(shared).take()[1].owed == "2023-11-14T22:13"
    assert Container(shared).take()[1].owed == ""
