"""Topics and topic filters of MQTT."""

from __future__ import annotations

import pytest

from iotgen.iot_sql import filter_fault, levels_of, matches, meet
from iotgen.iot_sql.topics import topic_fault


@pytest.mark.parametrize(
    "topic",
    [
        *["a", "a/b", "+", "#", "dt/+/telemetry", "dt/#", "+/+/#", "/a", "a//b", "a/b/c/d/e/f/g/h"],
        "x" * 256,
        "$aws/things/+/shadow/update/accepted",
    ],
)
def test_a_valid_filter(topic: str) -> None:
    assert filter_fault(topic) is None


@pytest.mark.parametrize(
    ("topic", "at", "message"),
    [
        ("", 0, "the topic is empty"),
        ("dt/+x/a", 3, "`+` must be a whole level, not part of `+x`"),
        ("dt/x#", 4, "`#` must be a whole level, not part of `x#`"),
        ("dt/#/a", 3, "`#` must be the last level"),
        ("a/b/c/d/e/f/g/h/i", 0, "the topic has 8 slashes; AWS IoT allows 7"),
        ("x" * 257, 0, "the topic has 257 bytes; AWS IoT allows 256"),
    ],
)
def test_an_invalid_filter(topic: str, at: int, message: str) -> None:
    fault = filter_fault(topic)
    assert fault
    assert (fault.at, fault.message) == (at, message)


def test_a_topic_to_publish_to_has_no_wildcards() -> None:
    assert topic_fault("dt/a/x") is None
    assert topic_fault("$aws/rules/r/a/b/c/d/e/f/g/h") is None
    fault = topic_fault("dt/+/x")
    assert fault
    assert fault.at == 3


@pytest.mark.parametrize(
    ("topic_filter", "topic", "expected"),
    [
        ("dt/+/x", "dt/a/x", True),
        ("dt/+/x", "dt/a/y", False),
        ("dt/+/x", "dt/a/b/x", False),
        ("dt/#", "dt/a", True),
        ("dt/#", "dt/a/b", True),
        ("dt/#", "dt", False),
        ("#", "$aws/things/a", False),
        ("+/a", "$aws/a", False),
        ("dt/+/#", "dt/+/x", True),
        ("dt/a/x", "dt/+/x", False),
        ("dt/+/+", "dt/#", False),
    ],
)
def test_which_topics_match(topic_filter: str, topic: str, expected: bool) -> None:
    assert matches(topic_filter, topic) is expected


def test_how_many_levels_topics_have() -> None:
    assert levels_of("dt/+/x") == 3
    assert levels_of("dt/#") is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("dt/+/telemetry", "dt/+/telemetry", True),
        ("dt/+/telemetry", "dt/a/#", True),
        ("dt/#", "dt", False),
        ("dt/+", "dt/a/b", False),
        ("dt/+/telemetry", "cmd/#", False),
        ("dt/+/telemetry", "dt/+/status", False),
        ("#", "$aws/things/a/shadow/update", False),
        ("$aws/rules/r/#", "$aws/rules/r/dt/+", True),
    ],
)
def test_filters_that_some_topic_matches_both_meet(one: str, other: str, *, expected: bool) -> None:
    assert meet(one, other) is expected
    assert meet(other, one) is expected
