"""What is said of dead letters fits a screen of 80 columns, and cannot act on a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from iotgen.model.context import label
from iotgen.operate.dlq import report
from iotgen.operate.dlq.groups import Shown, grouped
from iotgen.operate.dlq.letter import letter_of
from iotgen.operate.dlq.overview import Overview
from iotgen.operate.dlq.queues import Counts, DeadLetterQueue
from tests.operate.dlq.memory_queue import message, opened

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (5_400, "1 h 30 min"),
        (90_000, "1 d 1 h"),
        (86_460, "1 d"),
    ],
)
def test_a_time_has_two_units_at_most(seconds: float, text: str) -> None:
    assert report.age(seconds) == text


def of(key: str, waiting: int | None, in_flight: int = 0, **more: Any) -> Overview:
    owner = replace(opened().queue.owner, key=key, dead_letter_label=label(f"{key}-dlq"))
    counts = None if waiting is None else Counts(waiting, in_flight, 0)
    return replace(Overview(DeadLetterQueue(owner, "queue", "spec.yaml:3"), counts), **more)


def test_what_is_full_comes_first_and_what_is_empty_in_a_line() -> None:
    found = [
        of("few", 2, sent=NOW - timedelta(minutes=5), looked_at=2, reasons=(("a\x1b[0m", 2),)),
        *(of(f"nothing-in-number-{number}", 0) for number in range(5)),
        of(
            "many", 1_204, 12, dead_seconds=90_000.0, looked_at=10, reasons=tuple((x * 90, 2) for x in "abcd")
        ),
        of("gone", None),
    ]
    assert list(report.overview_lines(found, NOW, 80)) == [
        "many  1,204 messages, 12 in flight, the oldest here for 1 d 1 h",
        "      of the queue many, spec.yaml:3",
        *(f"      2 of 10 looked at: {letter * 52}..." for letter in "abc"),
        "few   2 messages, the oldest looked at sent 5 min ago",
        "      of the queue few, spec.yaml:3",
        "      2 of 2 looked at: a\\u001b[0m",
        "empty: nothing-in-number-0, nothing-in-number-1, nothing-in-number-2,",
        "       nothing-in-number-3, nothing-in-number-4",
        "not deployed: gone",
    ]


def test_groups_beyond_a_screen_are_counted() -> None:
    letters = [
        letter_of({**message(number, '"\x1b' + "x" * 500 + '"', f"reason {number}"), "ReceiptHandle": "r"})
        for number in range(20)
    ]
    shown = Shown(opened(), Counts(5_000, 1, 0), grouped(letters), 20, complete=False)
    lines = list(report.shown_lines(shown, 80))
    assert lines[:2] == [
        "q: 5,000 messages; looked at 20, which `--limit` changes",
        "1 is in flight and not visible: a reader has it, or had it a moment ago",
    ]
    assert lines[-1] == "14 more groups with 14 messages; `--format json` has them all"
    assert max(map(len, lines)) <= 80
    assert len(lines) < 40
    assert "\x1b" not in "".join(lines)


def test_bodies_are_cut_off_and_their_shapes_are_not() -> None:
    body = '{"a": "' + "x" * 100_000 + '"}'
    (group,) = grouped([letter_of({**message(1, body), "ReceiptHandle": "r"})])
    assert group.shape.text == "{a: string}"
    assert len(group.letters[0].body) == 10_000
