"""The character of a text that is at fault, in each way in which YAML writes texts."""

from __future__ import annotations

import pytest

from iotgen.problem import Finding
from iotgen.spec.load import load

# The character `!` is at fault in each.
TEXTS = (
    "a: one ! two\n",
    "a: 'it''s ! two'\n",
    'a: "a\\t\\"b\\" \\u00e9 ! two"\n',
    "a: |\n  one\n    two ! three\n",
    "a: >-\n  one\n  two\n\n  ! three\n",
    "a: one\n  two\n  ! three\n",
    "a: &name\n  one !\n",
    "a: !!str '!'\n",
    '{"a": "one\\n\\ttwo ! three"}\n',
    'a: "one \\\n  ! two"\n',
    "a: &x |2-\n   é ! two\n",
    "b: {a: 'x !'}\n",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_character_has_its_own_place(text: str) -> None:
    document, problems = load(text, "spec.yaml")
    assert problems == ()
    path = ("b", "a") if text.startswith("b") else ("a",)
    value = document.data
    for step in path:
        value = value[step]
    problem = document.problem(Finding(path, "", within=(value, value.index("!"))))
    assert text.splitlines()[problem.line - 1][problem.column - 1] == "!"
    assert text.rindex("!") == sum(map(len, text.splitlines(keepends=True)[: problem.line - 1])) + (
        problem.column - 1
    )


def test_the_end_of_a_text_is_after_its_last_character() -> None:
    document, _ = load("a: |\n  one\n  two\nb: 1\n", "spec.yaml")
    value = document.data["a"]
    problem = document.problem(Finding(("a",), "", within=(value, len(value))))
    assert (problem.line, problem.column) == (3, 6)


def test_an_empty_text_is_where_it_stands() -> None:
    document, _ = load("a: ''\n", "spec.yaml")
    problem = document.problem(Finding(("a",), "", within=("", 0)))
    assert (problem.line, problem.column) == (1, 4)
