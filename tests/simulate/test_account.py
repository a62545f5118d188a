"""The balance, for any fates of the readings of any fleet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotgen.simulate.account import GOOD, Balance, Found, Verdict, account
from iotgen.simulate.fleet import FAULTY, Fleet, Kind, plan
from iotgen.simulate.ledger import Answer
from iotgen.simulate.options import Options, Shares
from iotgen.simulate.tally import Tally

pytestmark = pytest.mark.system

MIX = Shares(late=0.1, out_of_order=0.1, untimed=0.1, duplicate=0.2, future=0.1, malformed=0.1, oversized=0.1)


@dataclass
class World:
    """What was answered and stored; at first all is as it should be, by way of the API."""

    fleet: Fleet
    answers: bytearray = field(init=False)
    tables: dict[str, bytearray] = field(init=False)
    altered: dict[int, str] = field(default_factory=dict)
    flagged: set[int] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)
    rejected: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = self.fleet.options.count
        self.answers = bytearray(count)
        self.tables = {"raw": bytearray(count), "processed": bytearray(count)}
        for number in range(count):
            kind = self.fleet.kind(number)
            rejected = kind in FAULTY | {Kind.FUTURE}
            self.answers[number] = Answer.REJECTED if rejected else Answer.ACCEPTED
            if not rejected:
                for counts in self.tables.values():
                    counts[self.fleet.original(number)] = 1

    def of(self, *kinds: Kind) -> list[int]:
        return [number for number in range(self.fleet.options.count) if self.fleet.kind(number) in kinds]

    def balance(self) -> Balance:
        tables = {
            name: Tally(bytes(counts), self.altered, frozenset(self.flagged))
            for name, counts in self.tables.items()
        }
        found = Found(tables, ("processed",), frozenset(self.dead), self.rejected)
        return account(self.fleet, bytes(self.answers), found)

    def verdict(self, number: int) -> Verdict:
        faults = {fault.number: fault.verdict for fault in self.balance().faults}
        assert set(faults) <= {number}
        return faults.get(number, Verdict.STORED)


SOUND = (Kind.NORMAL, Kind.LATE, Kind.OUT_OF_ORDER, Kind.UNTIMED)
worlds = st.builds(
    lambda seed, count: World(plan(Options(seed=seed, start=1, count=count, shares=MIX))),
    st.integers(0, 10_000),
    st.integers(10, 80),
)


@settings(max_examples=50, deadline=None)
@given(worlds)
def test_what_went_well_balances(world: World) -> None:
    balance = world.balance()
    assert balance.sound
    assert not balance.may_mend
    assert sum(balance.totals.values()) == world.fleet.options.count
    assert set(balance.totals) <= GOOD


@settings(max_examples=100, deadline=None)
@given(worlds, st.data())
def test_any_reading_that_is_lost_or_doubled_is_found_and_listed(world: World, data: st.DataObject) -> None:
    sound = world.of(*SOUND)
    lost = set(data.draw(st.lists(st.sampled_from(sound)), label="lost"))
    doubled = set(data.draw(st.lists(st.sampled_from(sound)), label="doubled")) - lost
    for number in lost:
        world.tables[data.draw(st.sampled_from(["raw", "processed"]))][number] = 0
    for number in doubled:
        world.tables[data.draw(st.sampled_from(["raw", "processed"]))][number] = 2
    balance = world.balance()
    listed = {(fault.number, fault.verdict) for fault in balance.faults}
    assert listed == {(n, Verdict.LOST) for n in lost} | {(n, Verdict.DOUBLED) for n in doubled}
    assert balance.sound == (not listed)
    assert len(balance.faults) == len(listed)


@settings(max_examples=200, deadline=None)
@given(worlds, st.data())
def test_for_any_fates_each_reading_that_was_sent_has_one_verdict(world: World, data: st.DataObject) -> None:
    count = world.fleet.options.count
    bytes_of = st.binary(min_size=count, max_size=count)
    world.answers = bytearray(answer % 32 for answer in data.draw(bytes_of))
    world.tables = {name: bytearray(n % 3 for n in data.draw(bytes_of)) for name in world.tables}
    world.dead = data.draw(st.sets(st.integers(0, count - 1)))
    world.rejected = data.draw(st.dictionaries(st.integers(0, count - 1), st.sampled_from(["", "bad"])))
    balance = world.balance()
    assert sum(balance.totals.values()) == sum(1 for answer in world.answers if answer)
    bad = [verdict for verdict in balance.totals if verdict not in GOOD]
    assert {fault.verdict for fault in balance.faults} == set(bad)


@pytest.fixture
def world(fleet_of: Callable[..., Fleet]) -> World:
    return World(fleet_of(100, MIX))


def test_a_dead_letter_accounts_for_what_the_queue_was_to_bring(world: World) -> None:
    number = world.of(Kind.NORMAL)[0]
    world.tables["processed"][number] = 0
    world.dead = {number}
    assert world.balance().totals[Verdict.DEAD] >= 1
    assert world.balance().sound
    world.tables["raw"][number] = 0  # which it had to be in before it was queued
    assert world.verdict(number) is Verdict.LOST


def test_a_duplicate_speaks_for_its_original(world: World) -> None:
    duplicate = world.of(Kind.DUPLICATE)[0]
    original = world.fleet.original(duplicate)
    world.answers[original] = Answer.UNANSWERED
    assert world.balance().sound
    world.tables["raw"][original] = 0
    assert world.verdict(original) is Verdict.LOST


def test_what_was_never_answered_and_is_not_there_is_not_accounted_for(world: World) -> None:
    duplicated = {world.fleet.original(number) for number in world.of(Kind.DUPLICATE)}
    number = next(number for number in world.of(Kind.NORMAL) if number not in duplicated)
    world.answers[number] = Answer.UNANSWERED
    assert world.balance().sound
    world.tables["processed"][number] = 0
    assert world.verdict(number) is Verdict.UNANSWERED
    assert world.balance().may_mend


@pytest.mark.parametrize(
    ("kind", "answer", "stored", "verdict"),
    [
        (Kind.NORMAL, Answer.REJECTED, 0, Verdict.REFUSED),
        (Kind.NORMAL, Answer.REJECTED, 1, Verdict.BOTH),
        (Kind.MALFORMED, Answer.ACCEPTED, 0, Verdict.TAKEN),
        (Kind.MALFORMED, Answer.ACCEPTED, 1, Verdict.TAKEN),
        (Kind.MALFORMED, Answer.REJECTED, 1, Verdict.BOTH),
        (Kind.MALFORMED, Answer.UNEXPLAINED, 0, Verdict.UNEXPLAINED),
        (Kind.MALFORMED, Answer.PUT, 0, Verdict.LOST),
        (Kind.OVERSIZED, Answer.UNANSWERED, 0, Verdict.UNANSWERED),
        (Kind.FUTURE, Answer.ACCEPTED, 0, Verdict.LOST),
        (Kind.FUTURE, Answer.ACCEPTED, 1, Verdict.UNFLAGGED),
        (Kind.FUTURE, Answer.REJECTED, 1, Verdict.BOTH),
    ],
)
def test_each_fault_has_its_name(
    world: World, kind: Kind, answer: Answer, stored: int, verdict: Verdict
) -> None:
    duplicated = {world.fleet.original(number) for number in world.of(Kind.DUPLICATE)}
    number = next(number for number in world.of(kind) if number not in duplicated)
    world.answers[number] = answer
    for counts in world.tables.values():
        counts[number] = stored
    assert world.verdict(number) is verdict


def test_the_future_may_be_stored_with_a_flag(world: World) -> None:
    for number in world.of(Kind.FUTURE):
        world.answers[number] = Answer.ACCEPTED
        world.flagged.add(number)
        for counts in world.tables.values():
            counts[number] = 1
    assert world.balance().totals[Verdict.FLAGGED] == len(world.of(Kind.FUTURE)) > 0


def test_another_content_is_a_fault(world: World) -> None:
    number = world.of(Kind.LATE)[0]
    world.altered[number] = "humidity is 1 instead of 2"
    (fault,) = world.balance().faults
    assert (fault.verdict, fault.detail) == (Verdict.ALTERED, "in raw: humidity is 1 instead of 2")


def test_what_the_bucket_put_aside_is_rejected_with_its_reason(world: World) -> None:
    number = world.of(Kind.MALFORMED)[0]
    world.answers[number] = Answer.PUT
    world.rejected[number] = "not JSON"
    assert world.balance().sound
    world.rejected[number] = ""
    assert world.verdict(number) is Verdict.UNEXPLAINED


def test_what_was_not_sent_does_not_count(world: World) -> None:
    world.answers = bytearray(100)
    world.tables = {name: bytearray(100) for name in world.tables}
    assert world.balance().totals == {}
    assert world.balance().sound


def test_strangers_and_contradictions_are_faults(fleet_of: Callable[..., Fleet]) -> None:
    found = Found({"raw": Tally(bytes(5), strangers=("device key",))})
    balance = account(fleet_of(5), bytes(5), found, contradictions=["9 accepted of 10"])
    assert [(fault.verdict, fault.detail) for fault in balance.faults] == [
        (Verdict.CONTRADICTED, "9 accepted of 10"),
        (Verdict.STRANGE, "in raw: device key"),
    ]
