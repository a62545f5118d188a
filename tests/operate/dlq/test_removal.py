"""Whatever ends a removal, each letter is still there, sent, or in the file: none is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from iotgen.errors import RemoteError
from iotgen.operate.dlq.kept import Kept
from iotgen.operate.dlq.letter import DeadLetter, Filter
from iotgen.operate.dlq.removal import Pace, Removed, Wanted, remove
from iotgen.operate.dlq.restore import kept_letters, restore
from iotgen.operate.refusal import explaining
from tests.operate.dlq.memory_queue import NOW_MS, URL, MemoryQueue, message, queue_of, refusal


@dataclass
class Clock:
    """Seconds that pass only by sleeping."""

    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Source:
    """The queue that letters are sent to: `times` has when each came."""

    clock: Clock
    ids: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def send(self, letters: Sequence[DeadLetter]) -> dict[str, str]:
        taken = [letter.id for letter in letters if letter.id not in self.refused]
        self.ids += taken
        self.times += [self.clock.seconds] * len(taken)
        return {letter.id: self.refused[letter.id] for letter in letters if letter.id in self.refused}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(clock: Clock) -> Source:
    return Source(clock)


@dataclass
class Bench:
    """Runs removals with files in a folder."""

    clock: Clock
    folder: Path

    def run(self, sqs: MemoryQueue, source: Source | None, **wanted: Any) -> Removed:
        rate, most = wanted.pop("rate", None), wanted.pop("most", None)
        pace = Pace(rate, self.clock.now, self.clock.sleep)
        order = Wanted(Filter(**wanted.pop("filter", {})), most, pace, **wanted)
        kept = Kept(self.folder, "q", lambda: datetime.now(UTC))
        return remove(sqs, URL, len(sqs.messages), order, kept, source.send if source else None, NOW_MS)

    def kept(self) -> set[str]:
        files = self.folder.glob("*.jsonl")
        return {json.loads(line)["id"] for file in files for line in file.read_text().splitlines()}


@pytest.fixture
def bench(clock: Clock, tmp_path: Path) -> Bench:
    return Bench(clock, tmp_path / "kept")


def queue(count: int) -> MemoryQueue:
    return queue_of(
        *(message(number, reason="even" if number % 2 == 0 else "odd") for number in range(count))
    )


def test_all_are_sent_kept_and_deleted(bench: Bench, source: Source) -> None:
    sqs = queue(25)
    before = set(sqs.messages)
    done = bench.run(sqs, source)
    assert (done.removed, done.complete, done.failed, done.error) == (25, True, {}, None)
    assert set(source.ids) == bench.kept() == before
    assert sqs.messages == {}


def test_only_what_a_filter_takes_goes_and_the_rest_stays_visible(bench: Bench, source: Source) -> None:
    sqs = queue(40)
    done = bench.run(sqs, source, filter={"reason": "odd"}, most=12)
    assert (done.removed, len(source.ids), len(sqs.messages)) == (12, 12, 28)
    assert sqs.hidden == {}


def test_a_drop_sends_nothing_and_keeps_everything(bench: Bench) -> None:
    sqs = queue(5)
    before = set(sqs.messages)
    assert bench.run(sqs, None).removed == 5
    assert (sqs.messages, bench.kept()) == ({}, before)


@pytest.mark.parametrize(("rate", "seconds"), [(2.0, 9.5), (20.0, 0.5), (0.5, 38.0)])
def test_no_more_than_the_rate_are_sent(
    bench: Bench, source: Source, clock: Clock, rate: float, seconds: float
) -> None:
    bench.run(queue(20), source, rate=rate)
    for number, time in enumerate(source.times):
        assert number <= time * rate + min(10, max(1, rate))
    assert clock.seconds == pytest.approx(seconds, abs=0.6)


def test_what_dies_again_meanwhile_is_left_for_the_next_time(bench: Bench, source: Source) -> None:
    """Otherwise a handler that rejects at once would make this go on for ever."""
    sqs = queue(5)
    numbers = iter(range(1_000, 2_000))

    def die_again(letters: Sequence[DeadLetter]) -> dict[str, str]:
        for _ in letters:
            again = message(next(numbers), sent=NOW_MS + 5_000)
            sqs.messages[again["MessageId"]] = again
        return source.send(letters)

    kept = Kept(bench.folder, "q", lambda: datetime.now(UTC))
    wanted = Wanted(Filter(), None, Pace(None, bench.clock.now, bench.clock.sleep))
    done = remove(sqs, URL, 5, wanted, kept, die_again, NOW_MS)
    assert (done.removed, len(sqs.messages), sqs.hidden) == (5, 5, {})


def test_what_is_refused_stays_and_is_reported(bench: Bench, source: Source) -> None:
    sqs = queue(15)
    refused = next(iter(sqs.messages))
    source.refused = {refused: "InvalidMessageContents: no"}
    done = bench.run(sqs, source)
    assert done.failed == source.refused
    assert list(sqs.messages) == [refused]
    assert sqs.hidden == {}


OPERATIONS = ("receive", "delete", "show", "send")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("fault", [KeyboardInterrupt(), refusal("Throttling"), SystemExit(9)], ids=repr)
def test_whatever_ends_it_nothing_is_lost_and_the_next_run_finishes(
    bench: Bench, source: Source, operation: str, number: int, fault: BaseException
) -> None:
    sqs = queue(25)
    before = set(sqs.messages)
    sqs.faults = {(operation, number): fault}
    sending: Callable[[Sequence[DeadLetter]], dict[str, str]] = source.send

    def failing(letters: Sequence[DeadLetter]) -> dict[str, str]:
        with explaining("send", "sqs:SendMessage"):
            sqs._note("send")
        return sending(letters)

    source.send = failing  # type: ignore[method-assign]
    try:
        done = bench.run(sqs, source, filter={"reason": "odd"})
        assert done.error is None or isinstance(done.error, RemoteError)
    except (KeyboardInterrupt, SystemExit):
        pass
    except RemoteError:
        pytest.fail("an error of AWS ends a run with what was done")
    assert set(sqs.messages) | set(source.ids) == before
    assert before - set(sqs.messages) <= bench.kept()

    sqs.faults, sqs.hidden = {}, {}  # the time that they were hidden is over
    bench.run(sqs, source)
    assert (sqs.messages, set(source.ids)) == ({}, before)


def test_a_stop_ends_it_between_two_calls(bench: Bench, source: Source) -> None:
    sqs = queue(50)
    done = bench.run(sqs, source, stopped=lambda: len(source.ids) >= 20)
    assert (done.removed, done.stopped, len(sqs.messages)) == (20, True, 30)
    assert sqs.hidden == {}


def test_a_stop_need_not_wait_for_a_slow_rate(bench: Bench, source: Source, clock: Clock) -> None:
    done = bench.run(queue(50), source, rate=0.001, stopped=lambda: clock.seconds > 5)
    assert (done.removed, done.stopped) == (1, True)
    assert clock.seconds < 6


def test_where_nothing_can_be_kept_nothing_is_taken(bench: Bench, source: Source, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file in the way")
    sqs = queue(5)
    done = bench.run(sqs, source)
    assert done.error
    assert done.error.message == f"cannot write {tmp_path / 'kept'}: file exists"
    assert (len(sqs.messages), source.ids, sqs.hidden) == (5, [], {})


def test_what_is_kept_is_for_its_owner_only(bench: Bench) -> None:
    sqs = queue(1)
    sqs.messages["00000000-0000-0000-0000-000000000000"]["MessageAttributes"]["raw"] = {
        "DataType": "Binary",
        "BinaryValue": b"\x00\xff",
    }
    done = bench.run(sqs, None)
    assert done.kept
    assert done.kept.stat().st_mode & 0o777 == 0o600
    assert done.kept.parent.stat().st_mode & 0o777 == 0o700
    (line,) = done.kept.read_text().splitlines()
    entry = json.loads(line)
    assert (entry["why"], entry["reason"], entry["body"]) == ("drop", "even", "{}")
    assert entry["attributes"]["raw"]["BinaryValue"] == "AP8="


def test_what_was_dropped_can_be_sent_again_from_its_file(bench: Bench, source: Source, clock: Clock) -> None:
    sqs = queue(25)
    sqs.messages["00000001-0000-0000-0000-000000000000"]["MessageAttributes"]["raw"] = {
        "DataType": "Binary",
        "BinaryValue": b"\x00\xff",
    }
    before = set(sqs.messages)
    path = bench.run(sqs, None).kept
    assert path
    wanted = Wanted(Filter(), None, Pace(None, clock.now, clock.sleep))
    done = restore(path, wanted, source.send)
    assert (done.removed, done.looked_at, done.complete, done.failed) == (25, 25, True, {})
    assert set(source.ids) == before
    letters = {letter.id: letter for letter in kept_letters(path)}
    one = letters["00000001-0000-0000-0000-000000000000"]
    assert one.attributes["raw"]["BinaryValue"] == b"\x00\xff"
    assert (one.reason, one.sent_ms) == ("odd", NOW_MS - 60_000)
    some = replace(wanted, filter=Filter(reason="odd"), most=3)
    assert restore(path, some, source.send).removed == 3


def test_a_file_that_was_cut_off_names_the_line(bench: Bench, source: Source, clock: Clock) -> None:
    path = bench.run(queue(12), None).kept
    assert path
    path.write_text(path.read_text()[:-20])
    done = restore(path, Wanted(Filter(), None, Pace(None, clock.now, clock.sleep)), source.send)
    assert done.removed == 10
    assert done.error
    assert done.error.message == f"{path}:12: this is not a message that was kept"
