"""An entry comes into a spec as a person would write it, and not a byte of the rest changes."""

# ruff: noqa: E501 - a text is a line

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iotgen.add.insertion import insert, line_of
from iotgen.errors import IotgenError

NEW = {"source": "handlers/new"}

CASES = {
    "on one line, as the others": (
        "functions:\n  f: {source: f}  # mine\n\nendpoints: {}\n",
        "functions:\n  f: {source: f}  # mine\n  new: {source: handlers/new}\n\nendpoints: {}\n",
    ),
    "on several lines, as the last one": (
        "functions:\n    f:\n       source: f\n    # of the end\nx: 1\n",
        "functions:\n    f:\n       source: f\n    new:\n       source: handlers/new\n    # of the end\nx: 1\n",
    ),
    "below the comments of the last one": (
        "functions:\n  f:\n    source: f\n    # timeout: 3\n  # next\nx: 1\n",
        "functions:\n  f:\n    source: f\n    # timeout: 3\n  new:\n    source: handlers/new\n  # next\nx: 1\n",
    ),
    "spaced as the others": (
        "functions:\n  f: {source: f}\n\n  # about g\n  g: {source: g}\n",
        "functions:\n  f: {source: f}\n\n  # about g\n  g: {source: g}\n\n  new: {source: handlers/new}\n",
    ),
    "not spaced for an empty line within": (
        "functions:\n  f:\n    source: f\n\n    timeout: 1\n  g: {source: g}\n",
        "functions:\n  f:\n    source: f\n\n    timeout: 1\n  g: {source: g}\n  new: {source: handlers/new}\n",
    ),
    "without an end of the last line": (
        "functions:\n  f: {source: f}",
        "functions:\n  f: {source: f}\n  new: {source: handlers/new}\n",
    ),
    "with the line ends of Windows": (
        "functions:\r\n  f:\r\n    source: f\r\n",
        "functions:\r\n  f:\r\n    source: f\r\n  new:\r\n    source: handlers/new\r\n",
    ),
    "behind a text of several lines": (
        "functions:\n  f:\n    source: f\n    description: |\n      a\n      b\nx: 1\n",
        "functions:\n  f:\n    source: f\n    description: |\n      a\n      b\n  new:\n    source: handlers/new\nx: 1\n",
    ),
    "under an anchor": (
        "functions: &all\n  f: &one\n    source: f\n",
        "functions: &all\n  f: &one\n    source: f\n  new:\n    source: handlers/new\n",
    ),
    "behind a key with a question mark": (
        "functions:\n  ? f\n  : {source: f}\n",
        "functions:\n  ? f\n  : {source: f}\n  new: {source: handlers/new}\n",
    ),
    "behind an alias": (
        "base: &b {source: f}\nfunctions:\n  f: *b\n",
        "base: &b {source: f}\nfunctions:\n  f: *b\n  new: {source: handlers/new}\n",
    ),
    "in brackets": (
        "functions: {f: {source: f}, }  # all\n",
        "functions: {f: {source: f}, new: {source: handlers/new}, }  # all\n",
    ),
    "in brackets on several lines": (
        "functions: {\n  f: {source: f} # one\n}\n",
        "functions: {\n  f: {source: f}, new: {source: handlers/new} # one\n}\n",
    ),
    "in empty brackets": ("functions: {}\nx: 1\n", "functions: {new: {source: handlers/new}}\nx: 1\n"),
    "in JSON": (
        '{"functions": {"f": {"source": "f"}}, "x": 1}',
        '{"functions": {"f": {"source": "f"}, "new": {"source": "handlers/new"}}, "x": 1}',
    ),
    "in JSON without the section": (
        '{"x": 1\n}',
        '{"x": 1, "functions": {"new": {"source": "handlers/new"}}\n}',
    ),
    "without the section": (
        "x: 1\n# end\n",
        "x: 1\n# end\n\nfunctions:\n  new: {source: handlers/new}\n",
    ),
    "without the section, before the document's end": (
        "---\nx: 1\n...\n",
        "---\nx: 1\n\nfunctions:\n  new: {source: handlers/new}\n...\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_it_is_written(before: str, after: str) -> None:
    assert insert(before, "functions", "new", NEW) == after
    assert yaml.safe_load(after)["functions"]["new"] == NEW


def test_what_would_mean_something_else_is_quoted() -> None:
    settings = {"method": "GET", "function": "no", "when": "12:30", "parameters": {}}
    text = insert("endpoints: {}\n", "endpoints", "/a/{id}", settings)
    assert text == 'endpoints: {"/a/{id}": {method: GET, function: "no", when: "12:30", parameters: {}}}\n'
    assert yaml.safe_load(text)["endpoints"] == {"/a/{id}": settings}


def test_a_section_that_is_an_alias_is_left_alone() -> None:
    with pytest.raises(IotgenError) as caught:
        insert("a: &a {f: {source: f}}\nfunctions: *a\n", "functions", "new", NEW)
    assert caught.value.message == "`functions` is an alias: an entry in it could end up elsewhere, too"


def test_the_line_of_an_entry() -> None:
    text = insert("functions:\n  f: {source: f}\n", "functions", "new", NEW)
    assert line_of(text, "functions", "new") == 3


KEYS = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,90})?", fullmatch=True)
SPECS = st.dictionaries(
    KEYS, st.fixed_dictionaries({"source": KEYS, "n": st.integers(0, 9)}), min_size=1, max_size=3
)


@given(SPECS, st.sampled_from([None, True, False]), st.integers(2, 5), st.booleans())
def test_in_any_layout_the_rest_stays_the_same(
    functions: dict[str, object], flow: bool | None, indent: int, json_text: bool
) -> None:
    data = {"version": 1, "functions": functions, "tables": {"t": 1}}
    text = (
        json.dumps(data, indent=indent)
        if json_text
        else yaml.dump(data, default_flow_style=flow, indent=indent)
    )
    new = insert(text, "functions", "zz-new", NEW)
    assert yaml.safe_load(new) == data | {"functions": {**functions, "zz-new": NEW}}
    at = next((i for i, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), len(text))
    assert text[at:] == new[len(new) - len(text) + at :]
