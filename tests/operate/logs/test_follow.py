"""Lines as they come."""

from __future__ import annotations

from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotgen.operate.logs.follow import OVERLAP, Follower, Seen
from iotgen.operate.logs.line import Event
from iotgen.operate.logs.wanted import Wanted
from tests.operate.logs.fakes import Logs, event, group, named, reader


class World:
    """A group that gets events while it is followed: before each round what `arrivals` has for it."""

    def __init__(self, arrivals: list[list[dict[str, Any]]], step: int = 2000) -> None:
        self.logs = Logs(named({"f": []}))
        self._arrivals, self._step = arrivals, step
        self.round = 0
        self._arrive()

    def _arrive(self) -> None:
        if self.round < len(self._arrivals):
            self.logs.events[group("f").name] += self._arrivals[self.round]

    def wait(self) -> None:
        self.round += 1
        self._arrive()

    def follow(self, rounds: int) -> list[int]:
        follower = Follower(
            reader(self.logs),
            [group("f")],
            Wanted(),
            now=lambda: self.round * self._step,
            wait=self.wait,
            stopped=lambda: self.round >= rounds,
        )
        return [line.time for line in follower.lines(0)]


@given(st.lists(st.lists(st.integers(0, OVERLAP), max_size=4), max_size=6))
def test_what_comes_late_is_shown_and_nothing_twice(delays: list[list[int]]) -> None:
    """An event of a round happened up to a minute before it."""
    arrivals = [
        [event(max(0, round_ * 2000 - delay), id_=f"{round_}/{index}") for index, delay in enumerate(own)]
        for round_, own in enumerate(delays)
    ]
    found = World(arrivals).follow(len(delays) + 2)
    assert sorted(found) == sorted(one["timestamp"] for own in arrivals for one in own)


def test_events_of_a_round_come_in_the_order_of_their_times() -> None:
    later = World([[event(5, id_="a"), event(3, id_="b")], [event(4, id_="c"), event(9, id_="d")]])
    assert later.follow(3) == [3, 5, 4, 9]


def test_what_nobody_reads_ends() -> None:
    world = World([[event(1, id_="a")]])
    assert world.follow(1) == [1]
    assert len(world.logs.calls) == 1


def test_following_can_be_left_at_any_line() -> None:
    world = World([[event(time, id_=str(time)) for time in range(10)]])
    follower = Follower(
        reader(world.logs), [group("f")], Wanted(), now=lambda: 0, wait=world.wait, stopped=lambda: False
    )
    assert [line.time for line in islice(follower.lines(0), 3)] == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5))), st.integers(1, 10))
def test_memory_is_bounded_and_nothing_is_new_twice(events: list[tuple[int, int]], most: int) -> None:
    seen, new = Seen(0, most), []
    for time, number in events:
        one = Event(time, f"{time}/{number}", "s", "m")
        if seen.add(one):
            new.append(one.id)
        assert len(seen._ids) == len(seen._by_time) <= most
        assert all(at >= seen.floor for at, _ in seen._by_time)
    assert len(new) == len(set(new))
