"""Which lines are asked for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.model.log_group import Entry
from iotgen.operate.logs.line import Event, Line, read
from iotgen.operate.logs.wanted import Wanted, mentions, no_pattern
from tests.operate.logs.fakes import group

ERRORS = Wanted(errors=True)


def line(text: str) -> Line:
    return read(Event(0, "e", "s", text), group("f"))


def test_lambdas_own_lines_are_shown_on_request_and_failures_always() -> None:
    started, timed_out = (
        line("START RequestId: r"),
        line("REPORT RequestId: r\tDuration: 1 ms\tStatus: timeout"),
    )
    assert [Wanted().matches(started), Wanted(platform=True).matches(started)] == [False, True]
    assert Wanted().matches(timed_out)
    assert ERRORS.matches(timed_out)


def test_only_errors_are_errors() -> None:
    assert not ERRORS.matches(line('{"level": "WARN", "message": "ERROR"}'))
    assert ERRORS.matches(line('{"level": "ERROR", "message": "m"}'))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"message": "m", "devices": ["device-1"]}', True),
        ('{"message": "m", "by": {"device-1": 3}}', True),
        ('{"message": "reading of device-1 refused"}', True),
        ("device-1: bad", True),
        ('{"message": "m", "devices": ["device-10"]}', False),
        ('{"message": "m", "devices": ["my-device-1"]}', False),
        ('{"message": "m", "number": 1}', False),
    ],
)
def test_an_id_is_mentioned_as_a_whole(text: str, found: bool) -> None:
    assert mentions(line(text), "device-1") is found
    assert Wanted(ids=("device-1",)).matches(line(text)) is found


def test_all_ids_have_to_be_mentioned() -> None:
    both = Wanted(ids=("device-1", "r-1"))
    assert both.matches(line('{"message": "m", "device": "device-1", "request_id": "r-1"}'))
    assert not both.matches(line('{"message": "m", "device": "device-1"}'))


def test_cloudwatch_is_asked_for_what_it_can_find() -> None:
    assert Wanted().pattern(group("f")) == ""
    assert Wanted(ids=("r-1",), errors=True).pattern(group("f")) == '"r-1"'
    assert Wanted(ids=('"', "r-1")).pattern(group("f")) == '"r-1"'
    assert Wanted(ids=("gerät",)).pattern(group("f")) == ""
    assert ERRORS.pattern(group("f")).startswith("?ERROR ?FATAL")
    of_the_api = replace(group("api"), entry=lambda _: Entry("ERROR", ""))
    assert ERRORS.pattern(of_the_api) == ""
    assert no_pattern(group("f")) == ""


@given(
    st.dictionaries(st.text(), st.text() | st.lists(st.text())),
    st.sampled_from(["ERROR", "CRITICAL", "FATAL"]),
)
def test_a_term_of_the_pattern_is_in_every_error(fields: dict[str, object], level: str) -> None:
    """The pattern's terms without their question marks are looked for as CloudWatch does."""
    terms = [term.strip('?"') for term in ERRORS.pattern(group("f")).split(" ?")]
    texts = [
        json.dumps({**fields, "level": level, "message": "m"}),
        json.dumps({**fields, "log_level": level, "errorType": "E"}),
        f"[{level}] text",
        json.dumps({"type": "platform.report", "record": {"status": "timeout"}}),
        "INIT_REPORT Init Duration: 1 ms\tPhase: init\tStatus: timeout",
        "r-1 Task timed out after 3.00 seconds",
        "Traceback (most recent call last):",
    ]
    for text in texts:
        assert line(text).failed
        assert any(term in text for term in terms), text
