from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import pytest

from iotgen.errors import RemoteError
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Answer, Reply, Snapshot
from iotgen.simulate.options import SOME_FAULTS
from iotgen.simulate.packets import Packet, packets
from iotgen.simulate.send import RefusedError, run

OK = Reply("200")
BUSY = Reply("503", again=True, after=2.0)
FAILED = Reply("500", again=True)
UNREACHABLE = RemoteError("nothing answers")


@dataclass
class Target:
    """Says what it is told to, then always OK, and remembers what it was sent."""

    script: Iterable[Reply | Exception] = ()
    bodies: list[bytes] = field(default_factory=list)
    name: str = "target"

    def __post_init__(self) -> None:
        self._script: Iterator[Reply | Exception] = iter(self.script)
        self._lock = Lock()

    def body(self, _fleet: Fleet, packet: Packet) -> bytes:
        return json.dumps([packet.first, packet.stop]).encode()

    def deliver(self, _packet: Packet, body: bytes) -> Reply:
        with self._lock:
            self.bodies.append(body)
            said = next(self._script, OK)
        if isinstance(said, Exception):
            raise said
        return said


def test_every_reading_is_sent_once(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    target = Target()
    outcome = run(fleet_of(95, workers=4), target, timing=clock.timing)
    assert Counter(target.bodies).total() == len(set(target.bodies)) == 10
    assert outcome.record.answers == bytes([Answer.ACCEPTED]) * 95
    assert outcome.record.statuses == {"200": 10}
    assert (outcome.destination, outcome.interrupted) == ("target", False)


@pytest.mark.parametrize("refusal", [BUSY, FAILED, UNREACHABLE])
def test_what_is_put_off_is_sent_again_with_the_same_bytes(
    fleet_of: Callable[..., Fleet], clock: Any, refusal: Reply | Exception
) -> None:
    target = Target([OK, refusal, refusal])
    outcome = run(fleet_of(20), target, timing=clock.timing)
    assert target.bodies == [b"[0, 10]", b"[10, 20]", b"[10, 20]", b"[10, 20]"]
    assert set(outcome.record.answers) == {Answer.ACCEPTED}
    assert outcome.record.waited == 2


def test_at_least_what_the_destination_asks_for_is_waited(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    outcome = run(fleet_of(10), Target([BUSY, BUSY, BUSY]), timing=clock.timing)
    assert 6 <= outcome.seconds <= 6 * 1.25
    assert max(clock.waits) <= 0.5  # so that Ctrl-C is heard


def test_without_a_wish_the_pauses_grow_but_stay_bearable(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    outcome = run(fleet_of(10, patience=3600.0), Target([FAILED] * 60), timing=clock.timing)
    assert set(outcome.record.answers) == {Answer.ACCEPTED}
    assert 60 < outcome.seconds < 600


def test_patience_ends(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    outcome = run(fleet_of(20, patience=10.0), Target([OK, *[BUSY] * 99]), timing=clock.timing)
    assert outcome.record.answers == bytes([Answer.ACCEPTED] * 10 + [Answer.UNANSWERED] * 10)
    assert outcome.seconds <= 10


def test_a_destination_that_nobody_reaches_ends_the_run_soon(
    fleet_of: Callable[..., Fleet], clock: Any
) -> None:
    target = Target([UNREACHABLE] * 99)
    with pytest.raises(RemoteError, match="nothing answers"):
        run(fleet_of(1000), target, timing=clock.timing)
    assert len(target.bodies) == 3


def test_a_destination_that_takes_nothing_from_the_caller_ends_the_run_at_once(
    fleet_of: Callable[..., Fleet], clock: Any
) -> None:
    target = Target([OK, RefusedError("the caller may not do this")])
    with pytest.raises(RemoteError, match="may not"):
        run(fleet_of(1000), target, timing=clock.timing)
    assert len(target.bodies) == 2


def test_an_answer_that_gets_lost_makes_the_device_send_again(
    fleet_of: Callable[..., Fleet], clock: Any
) -> None:
    target = Target([OK, BUSY, Reply("200", rejected={0: "no"})])
    outcome = run(fleet_of(10, repeated=1.0), target, timing=clock.timing)
    assert len(target.bodies) == 3
    assert outcome.record.repeated == 1
    assert outcome.record.answers == bytes([Answer.REJECTED] + [Answer.ACCEPTED] * 9)


def test_rejections_are_noted_at_their_place(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    replies = [OK, Reply("200", rejected={3: "too hot", 5: ""}, contradiction="odd")]
    record = run(fleet_of(20), Target(replies), timing=clock.timing).record
    told = {n: record.answers[n] for n in range(20) if record.answers[n] != Answer.ACCEPTED}
    assert told == {13: Answer.REJECTED, 15: Answer.UNEXPLAINED}
    assert record.reasons == {"too hot": 1, "(no reason)": 1}
    assert record.contradictions == ("readings 10 to 19: odd",)


def test_packets_leave_when_they_are_due(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    sent: list[float] = []

    class Punctual(Target):
        def deliver(self, packet: Packet, body: bytes) -> Reply:
            sent.append(clock.now())
            return super().deliver(packet, body)

    fleet = fleet_of(30, interval=5.0)
    run(fleet, Punctual(), timing=clock.timing)
    assert sent == pytest.approx([packet.due for packet in packets(fleet)])
    assert sent == pytest.approx([4.5, 9.5, 14.5])


def test_ctrl_c_ends_it_with_what_there_is(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    def stop(_snapshot: Snapshot) -> None:
        if not clock.waits:
            clock.waits.append(0)
            raise KeyboardInterrupt

    outcome = run(fleet_of(10), Target(), progress=stop, timing=clock.timing)
    assert outcome.interrupted
    assert set(outcome.record.answers) <= {0, Answer.ACCEPTED}


def test_progress_ends_with_all_of_it(fleet_of: Callable[..., Fleet], clock: Any) -> None:
    shown: list[Snapshot] = []
    run(fleet_of(200, SOME_FAULTS, workers=3), Target(), shown.append, clock.timing)
    assert (shown[-1].sent, shown[-1].planned, shown[-1].unanswered) == (200, 200, 0)
    assert shown[-1].requests == len(shown[-1].latencies)
