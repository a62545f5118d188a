"""What is written in a log, as time, level, message and fields."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.kinds.endpoints.access_log import ACCESS_LOG, api_logs
from iotgen.operate.logs import forms
from iotgen.operate.logs.line import Event, Line, read
from iotgen.visible import visible
from tests.operate.logs.fakes import group

REPORT = "REPORT RequestId: r-1\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 256 MB"


def line(message: str | dict[str, Any]) -> Line:
    text = message if isinstance(message, str) else json.dumps(message)
    return read(Event(1_795_664_460_941, "e", "s", text), group("f"))


def shown(message: str | dict[str, Any]) -> str:
    return forms.text(line(message), 4).removeprefix("2026-11-26T03:41:00.941Z f    ")


def test_a_line_of_powertools_is_level_message_and_the_other_fields() -> None:
    assert (
        shown(
            {
                "level": "INFO",
                "message": "invocation",
                "timestamp": "2026-11-26T03:41:03.203+00:00",
                "service": "f",
                "_aws": {"Timestamp": 1, "CloudWatchMetrics": []},
                "ReadingsProcessed": [5.0],
                "counts": {"processed": 5, "alerts": 0},
                "note": "two words",
                "empty": {},
                "request_id": "86dc7e0f",
            }
        )
        == "INFO  invocation ReadingsProcessed=5 counts.processed=5 counts.alerts=0 "
        'note="two words" empty={} request_id=86dc7e0f'
    )


@pytest.mark.parametrize(
    ("written", "level"),
    [("WARNING", "WARN"), ("CRITICAL", "FATAL"), ("error", "ERROR"), ("Debug", "DEBUG")],
)
def test_levels_have_one_name_each(written: str, level: str) -> None:
    assert line({"level": written, "message": "m"}).level == level


def test_an_error_that_no_handler_caught_is_its_type_and_message() -> None:
    """As Python's runtime on Lambda writes it, with a level of another name."""
    uncaught = {
        "timestamp": "2026-11-26T03:41:03Z",
        "log_level": "ERROR",
        "errorMessage": "division by zero",
        "errorType": "ZeroDivisionError",
        "requestId": "r-1",
        "stackTrace": ["  File ..."],
    }
    assert (line(uncaught).level, line(uncaught).message) == ("ERROR", "ZeroDivisionError: division by zero")
    assert line(uncaught).failed


def test_a_traceback_is_its_error_and_below_it_the_lines_of_code() -> None:
    traceback = (
        'Traceback (most recent call last):\n  File "h.py", line 3, in handler\n    f()\nOSError: gone'
    )
    assert shown(traceback).splitlines() == [
        "ERROR OSError: gone",
        "    Traceback (most recent call last):",
        '      File "h.py", line 3, in handler',
        "        f()",
    ]


def test_lambdas_own_traceback_looks_the_same() -> None:
    stack = ['  File "/var/task/h.py", line 3, in handler\n    f()\n']
    uncaught = {"log_level": "ERROR", "errorMessage": "gone", "errorType": "OSError", "stackTrace": stack}
    assert shown(uncaught).splitlines() == [
        "ERROR OSError: gone errorMessage=gone errorType=OSError",
        '      File "/var/task/h.py", line 3, in handler',
        "        f()",
    ]


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        ("[ERROR] KeyError: 'x'", "ERROR", "KeyError: 'x'"),
        ("[INFO]\t2026-01-15T10:00:00.000Z\tr-1\thello there", "INFO", "hello there"),
        ("2026-01-15T10:00:03.000Z r-1 Task timed out after 3.00 seconds", "ERROR", None),
        ("Traceback (most recent call last):\n  File", "ERROR", None),
        ("just printed", "", None),
        ("{not json", "", None),
        ("[1, 2]", "", None),
        ("START your engines", "", None),
        ("ENDED", "", None),
    ],
)
def test_a_plain_line_is_its_text(text: str, level: str, message: str | None) -> None:
    found = line(text)
    assert (found.level, found.message, found.platform) == (level, message or text, False)


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("START RequestId: r-1 Version: $LATEST", False),
        ("END RequestId: r-1", False),
        (REPORT, False),
        (f"{REPORT}\tStatus: timeout", True),
        (f"{REPORT}\tStatus: error\tError Type: Runtime.ExitError", True),
        ("INIT_START Runtime Version: python:3.12.v1", False),
        ("INIT_REPORT Init Duration: 10008.66 ms\tPhase: init\tStatus: timeout", True),
        ('{"time":"t","type":"platform.start","record":{"requestId":"r-1"}}', False),
        ('{"time":"t","type":"platform.report","record":{"requestId":"r","status":"success"}}', False),
        ('{"time":"t","type":"platform.report","record":{"requestId":"r","status":"timeout"}}', True),
        ('{"time":"t","type":"platform.initReport","record":{"status":"error"}}', True),
    ],
)
def test_lambdas_own_lines_are_told_apart_and_failures_are_errors(text: str, failed: bool) -> None:
    found = line(text)
    assert (found.platform, found.failed) == (True, failed)


def test_the_apis_access_log_has_levels_by_status() -> None:
    class Api:
        key, name = "iot-api", "iot-api-dev"

    (own,) = api_logs(Api())  # type: ignore[arg-type]
    assert json.loads(ACCESS_LOG)["status"] == "$context.status"
    for status, level in (("200", "INFO"), ("429", "WARN"), ("503", "ERROR"), ("-", "INFO")):
        text = json.dumps({"requestId": "r", "method": "POST", "path": "/ingest", "status": status})
        found = read(Event(0, "e", "s", text), own)
        assert (found.level, found.message) == (level, f"POST /ingest {status}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | JSON.map(json.dumps) | st.dictionaries(st.text(), JSON).map(json.dumps))
def test_whatever_is_written_acts_on_no_terminal_and_looks_like_one_log_line(text: str) -> None:
    first, *below = forms.text(line(text), 4).split("\n")
    assert visible(first) == first
    for printed in below:
        assert printed.startswith("    ")
        assert visible(printed) == printed
    assert json.dumps(forms.as_object(line(text)))


def test_nesting_without_an_end_is_text() -> None:
    assert line('{"a":' + "[" * 100_000).message.startswith('{"a":[')
