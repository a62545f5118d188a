"""The logs of several functions, put together."""

from __future__ import annotations

from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotgen.operate.logs.merge import lines
from iotgen.operate.logs.pages import Window
from iotgen.operate.logs.wanted import Wanted
from tests.operate.logs.fakes import Logs, event, group, named, reader

WRITERS = ("a", "b", "c")
TIMES = st.lists(st.integers(0, 30), max_size=12)


@given(st.fixed_dictionaries(dict.fromkeys(WRITERS, TIMES)), st.integers(1, 5))
def test_all_lines_come_in_the_order_of_their_times(times: dict[str, list[int]], page: int) -> None:
    logs = Logs(named({name: [event(time, f"{name}") for time in own] for name, own in times.items()}), page)
    found = list(lines(reader(logs), [group(name) for name in WRITERS], Window(0), Wanted()))
    assert [line.time for line in found] == sorted(time for own in times.values() for time in own)
    for name, own in times.items():
        assert [line.time for line in found if line.writer == name] == sorted(own)
        assert {line.message for line in found if line.writer == name} <= {name}


def test_no_more_is_read_than_is_shown() -> None:
    """One page of each group: a gigabyte of logs is never in memory, nor waited for."""
    busy = {name: [event(time) for time in range(100_000)] for name in WRITERS}
    logs = Logs(named(busy), page=100)
    assert len(list(islice(lines(reader(logs), [*map(group, WRITERS)], Window(0), Wanted()), 150))) == 150
    assert len(logs.calls) == len(WRITERS)


def traceback(at: int, stream: str = "s") -> list[dict[str, Any]]:
    printed = [
        "Traceback (most recent call last):",
        '  File "handler.py", line 1, in handler',
        "    1 / 0",
        "ZeroDivisionError: division by zero",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "handler.py", line 3, in handler',
        "KeyError: 'x'",
    ]
    return [event(at, text, stream=stream) for text in printed]


def test_a_traceback_is_one_line() -> None:
    own = [
        event(1, "START RequestId: r-1 Version: 1"),
        event(1, "before"),
        *traceback(1),
        event(1, "END RequestId: r-1"),
        event(1, "REPORT RequestId: r-1\tDuration: 1 ms"),
        *traceback(2),
        *traceback(2, "t"),
        event(2, "after", stream="t"),
    ]
    found = list(lines(reader(Logs(named({"a": own}))), [group("a")], Window(0), Wanted()))
    assert [line.message.count("\n") for line in found] == [0, 9, 9, 9, 0]
    assert [line.failed for line in found] == [False, True, True, True, False]


@given(st.lists(st.sampled_from([*(one["message"] for one in traceback(0)), "x", "{", "START RequestId: 1"])))
def test_no_line_of_a_traceback_is_lost(messages: list[str]) -> None:
    own = [event(0, message) for message in messages]
    found = lines(reader(Logs(named({"a": own}))), [group("a")], Window(0), Wanted(platform=True))
    shown = "\n".join(line.message for line in found).splitlines()
    assert [text for text in shown if text] == [text for text in messages if text]
