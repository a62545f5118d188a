"""Invisible characters of a spec."""

import pytest

from iotgen.problem import Problem, Severity
from iotgen.spec.direction import direction_problems


@pytest.mark.parametrize("character", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"])
def test_what_changes_the_order_of_a_line_is_told_once(character: str) -> None:
    code = ord(character)
    assert list(direction_problems(f"a: b\nc: {character}d{character}\n", "s.yaml")) == [
        Problem(
            "s.yaml",
            2,
            4,
            "IOT009",
            f"the invisible character U+{code:04X} changes the order in which this line is shown",
            Severity.WARNING,
            hint=f"Remove it, or write it as `\\u{code:04x}` in double quotes.",
        )
    ]


def test_scripts_that_run_from_right_to_left_are_no_fault() -> None:
    assert list(direction_problems('a: שלום\nb: "\\u202e"\nc: 👩\u200d🔧\n', "s.yaml")) == []
