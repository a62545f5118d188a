"""The log lines of readings, and how they are put together."""

import json
from typing import Any

from iotgen.operate.logs.pages import Pace, Reader, Window
from iotgen.operate.trace.invocations import Invocation, invocations
from iotgen.operate.trace.mentions import patterns, search
from tests.operate.logs.fakes import Logs, event, group


def found(logs: Logs, *ids: str) -> tuple[Invocation, ...]:
    def readers(pattern: str) -> Reader:
        return Reader(logs, lambda _: pattern, print, Pace(sleep=lambda _: None))

    return invocations(search(readers, [group("first")], Window(0), ids).mentions)


def logged(*messages: Any) -> Logs:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in messages]
    return Logs({group("first").name: [event(1000 + number, text) for number, text in enumerate(texts)]})


def test_readings_are_found_by_whole_words_many_in_one_call() -> None:
    line = {"readings": {"d": ["e-1"]}, "request_id": "r-1", "duration_ms": 40}
    logs = logged(line, {"readings": {"d": ["e-10"]}})
    [call] = found(logs, "e-1", "e-2")
    assert call.ids == frozenset({"e-1"})
    assert (call.request, call.span.start, list(call.devices("e-1"))) == ("r-1", 960, ["d"])
    assert logs.calls[0]["filterPattern"] == '?"e-1" ?"e-2"'


def test_the_lines_of_lambda_and_of_the_handler_are_one_invocation_whoever_called_it() -> None:
    line = {"api_request_id": "a-1", "request_id": "r-1", "readings": {"d": ["e-1"]}}
    [call] = found(logged("START RequestId: r-1 Version: $LATEST", line, "END RequestId: r-1"), "e-1", "r-1")
    assert (call.request, len(call.lines)) == ("r-1", 3)


def test_patterns_stay_as_short_as_cloudwatch_takes_them() -> None:
    made = list(patterns([f"{number:036d}" for number in range(100)]))
    assert all(len(pattern) <= 1024 for pattern in made)
    assert list(patterns(["a b"])) == [""]
