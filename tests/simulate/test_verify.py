from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from iotgen.simulate.account import Found, Verdict
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Answer, Ledger, Reply
from iotgen.simulate.packets import Packet
from iotgen.simulate.send import Outcome
from iotgen.simulate.tally import Tally
from iotgen.simulate.verify import SETTLED, verify


@dataclass
class Stored:
    """A queue that drains by `left`, and tables that hold ever more, at each look."""

    left: list[int | None]
    there: list[int]
    looks: list[float] = field(default_factory=list)
    now: Callable[[], float] = lambda: 0.0

    def waiting(self) -> int | None:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]

    def found(self) -> Found:
        self.looks.append(self.now())
        there = self.there.pop(0) if len(self.there) > 1 else self.there[0]
        tally = Tally(bytes([1] * there + [0] * (10 - there)))
        return Found({"raw": tally, "processed": tally}, ("processed",))


@pytest.fixture
def outcome(fleet_of: Callable[..., Fleet]) -> Outcome:
    fleet, ledger = fleet_of(10), Ledger(10)
    ledger.settle(Packet(0, 10, 0, repeated=False), Reply("200", Answer.ACCEPTED))
    return Outcome(fleet, "api", ledger.record(), 1.0, interrupted=False)


def test_tables_are_read_when_the_queue_is_empty(outcome: Outcome, clock: Any) -> None:
    stores = Stored([5, 3, 1, 0], [10], now=clock.now)
    said: list[str] = []
    balance = verify(outcome, stores, 300, clock.timing, said.append)
    assert balance.sound
    assert stores.looks == [6.0]
    assert said[0] == "the queue still holds 5 messages"


def test_what_is_missing_is_looked_for_again(outcome: Outcome, clock: Any) -> None:
    stores = Stored([None], [0, 4, 10], now=clock.now)
    assert verify(outcome, stores, 300, clock.timing).sound
    assert len(stores.looks) == 3


def test_a_queue_that_has_long_been_empty_brings_nothing_more(outcome: Outcome, clock: Any) -> None:
    stores = Stored([5, 0], [9], now=clock.now)
    balance = verify(outcome, stores, 3600, clock.timing)
    assert [(fault.number, fault.verdict) for fault in balance.faults] == [(9, Verdict.LOST)]
    assert SETTLED <= clock.now() < SETTLED + 40


def test_the_deadline_is_kept(outcome: Outcome, clock: Any) -> None:
    assert not verify(outcome, Stored([None], [0]), 100, clock.timing).sound
    assert clock.now() == pytest.approx(100)


def test_a_queue_that_never_drains_is_told(outcome: Outcome, clock: Any) -> None:
    balance = verify(outcome, Stored([7], [4]), 20, clock.timing)
    assert balance.waiting == 7
    assert len(balance.faults) == 6
    assert clock.now() == pytest.approx(20)
