"""Patterns that events must match."""

from typing import Any

import pytest

from iotgen.prove.patterns import fits

DOCUMENT = {"level": 3, "kind": "alarm", "tags": ["a", "b"], "deep": {"on": True}, "none": None}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"kind": ["alarm"]}, True),
        ({"kind": ["alarm"], "level": [4]}, False),
        ({"level": [3.0]}, True),
        ({"deep": {"on": [True]}}, True),
        ({"deep": {"on": [1]}}, False),
        ({"tags": ["b"]}, True),
        ({"none": [None]}, True),
        ({"kind": [{"prefix": "al"}]}, True),
        ({"kind": [{"prefix": {"equals-ignore-case": "AL"}}]}, True),
        ({"kind": [{"suffix": "x"}, "alarm"]}, True),
        ({"kind": [{"anything-but": ["alarm", "x"]}]}, False),
        ({"kind": [{"anything-but": {"prefix": "b"}}]}, True),
        ({"absent": [{"anything-but": "x"}]}, False),
        ({"kind": [{"equals-ignore-case": "ALARM"}]}, True),
        ({"kind": [{"wildcard": "a*m"}]}, True),
        ({"level": [{"numeric": [">", 2, "<=", 3]}]}, True),
        ({"kind": [{"numeric": [">", 2]}]}, False),
        ({"absent": [{"exists": False}]}, True),
        ({"level": [{"exists": False}]}, False),
        ({"$or": [{"level": [4]}, {"kind": ["alarm"]}]}, True),
    ],
)
def test_a_document_fits_a_pattern(pattern: dict[str, Any], expected: bool) -> None:
    assert fits(pattern, DOCUMENT) is expected
