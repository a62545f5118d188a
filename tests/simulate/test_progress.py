from __future__ import annotations

import sys
from typing import Any

import pytest

from iotgen.simulate import progress
from iotgen.simulate.ledger import Snapshot


def _snapshot(sent: int) -> Snapshot:
    return Snapshot(100, sent, rejected=2, unanswered=0, requests=3, waited=1, latencies=[0.1, 0.3, 0.2])


def test_lines_come_now_and_then_and_at_the_end(clock: Any) -> None:
    said: list[str] = []
    with progress.lines(said.append, clock.now) as show:
        for sent in range(0, 100, 10):
            show(_snapshot(sent))
            clock.wait(1.0)
        assert len(said) == 1
    assert said == [
        "50 of 100 readings, 10 readings/s, p50 200 ms, p95 300 ms, 2 rejected, 1 retried",
        "90 of 100 readings, 9 readings/s, p50 200 ms, p95 300 ms, 2 rejected, 1 retried",
    ]


def test_a_run_that_fails_at_once_has_no_lines(clock: Any) -> None:
    said: list[str] = []
    with progress.lines(said.append, clock.now):
        pass
    assert said == []


def test_the_bar_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.bar() as show:
        show(_snapshot(100))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "100/100" in captured.err


def test_rich_is_imported_only_for_the_bar() -> None:
    assert "rich" not in vars(progress)
    assert progress.__name__ in sys.modules
