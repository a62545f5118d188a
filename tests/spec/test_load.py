"""Each message whole, at its place."""

# ruff: noqa: E501 - a case is a line

from collections.abc import Callable, Iterable

import pytest

from iotgen.problem import Finding, Problem
from iotgen.spec.document import Document, Place
from iotgen.spec.load import MAX_NODES, load


def as_text(problems: Iterable[Problem]) -> str:
    return "".join(
        f"{found.file}:{found.line}:{found.column}: {found.code} {found.message}\n"
        + (f"    {found.hint}\n" if found.hint else "")
        for found in problems
    )


def _load(text: str) -> tuple[Document, str]:
    document, problems = load(text, "s.yaml")
    return document, as_text(problems)


def test_data() -> None:
    document, output = _load('a: {b: [1, 2.5, true, null, x, "on"], c: 2024-01-15}\nd: |\n  two\n  lines\n')
    assert output == ""
    assert document.file == "s.yaml"
    assert document.data == {
        "a": {"b": [1, 2.5, True, None, "x", "on"], "c": "2024-01-15"},
        "d": "two\nlines\n",
    }


def test_the_places_of_keys_and_values() -> None:
    document, _ = _load("a:\n  b: x\n  list:\n    - one\n    - {c: 😀, d: 2}\n")
    assert document.keys["a", "b"] == Place(2, 3, ("a", "b"))
    assert document.values["a", "b"] == Place(2, 6, ("a", "b"))
    assert document.values["a", "list", 0] == Place(4, 7, ("a", "list", 0))
    assert document.keys["a", "list", 1, "d"] == Place(5, 14, ("a", "list", 1, "d"))
    assert document.values["a", "list", 1, "d"] == Place(5, 17, ("a", "list", 1, "d"))
    assert document.values[()] == Place(1, 1, ())


def test_the_place_of_what_is_not_there_is_that_of_what_is_above_it() -> None:
    document, _ = _load("a:\n  b: x\n")
    assert document.place(("a", "b", "c", 0)) == Place(2, 6, ("a", "b"))
    assert document.place(("a", "x"), key=True) == Place(1, 1, ("a",))
    assert document.place(("x",)) == Place(1, 1, ())
    assert Document("s.yaml", None, {}, {}).place(("x",)) == Place(1, 1, ())


def test_a_problem_points_as_rfc_6901_says() -> None:
    document, _ = _load("endpoints: {/a~b/c: [x]}\n")
    problem = document.problem(Finding(("endpoints", "/a~b/c", 0), "odd", "hint", code="IOT999"))
    assert problem == Problem("s.yaml", 1, 22, "IOT999", "odd", path="/endpoints/~1a~0b~1c/0", hint="hint")


@pytest.mark.parametrize("text", ["a: 1\r\nb:\r\n  c: 2\r\n", "\ufeffa: 1\nb:\n  c: 2\n"])
def test_windows_line_ends_and_a_byte_order_mark(text: str) -> None:
    document, output = _load(text)
    assert (document.data, output) == ({"a": 1, "b": {"c": 2}}, "")
    assert document.values["b", "c"] == Place(3, 6, ("b", "c"))


def test_keys_are_texts_whatever_they_look_like() -> None:
    document, output = _load("on: a\n1: b\n2024-01-15: c\n~: d\n0x1F: e\n1.50: f\n=: g\n")
    assert output == ""
    assert document.data == {
        "on": "a",
        "1": "b",
        "2024-01-15": "c",
        "~": "d",
        "0x1F": "e",
        "1.50": "f",
        "=": "g",
    }


def test_values_with_odd_tags_of_their_own_are_texts() -> None:
    assert _load("a: =\nb: 12:30:45.x\nc: 1e3\nd: y\n")[0].data == {
        "a": "=", "b": "12:30:45.x", "c": "1e3", "d": "y"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "data", "output"),
    [
        ("on", True, "1:4: IOT004 `on` is a boolean in YAML, not a word\n    Write `true` or `\"on\"`."),
        ("No", False, "1:4: IOT004 `No` is a boolean in YAML, not a word\n    Write `false` or `\"No\"`."),
        ("yes", True, "1:4: IOT004 `yes` is a boolean in YAML, not a word\n    Write `true` or `\"yes\"`."),
        ("010", "010", "1:4: IOT004 `010` is an octal number in YAML because of its leading zero\n    Write a plain decimal number, or `\"010\"` for a text."),
        ("-07", "-07", "1:4: IOT004 `-07` is an octal number in YAML because of its leading zero\n    Write a plain decimal number, or `\"-07\"` for a text."),
        ("12:30", "12:30", "1:4: IOT004 `12:30` is a base-60 number in YAML, not a time\n    Write a plain decimal number, or `\"12:30\"` for a text."),
        ("0x1F", "0x1F", "1:4: IOT004 `0x1F` is a number in a misleading notation\n    Write a plain decimal number, or `\"0x1F\"` for a text."),
        ("1_000", "1_000", "1:4: IOT004 `1_000` is a number in a misleading notation\n    Write a plain decimal number, or `\"1_000\"` for a text."),
        (".inf", ".inf", "1:4: IOT004 `.inf` is not a finite number\n    Quote it for a text."),
        (".NaN", ".NaN", "1:4: IOT004 `.NaN` is not a finite number\n    Quote it for a text."),
        ("1.0e+999", "1.0e+999", "1:4: IOT004 `1.0e+999` is not a finite number\n    Quote it for a text."),
        ("1:30.5", "1:30.5", "1:4: IOT004 `1:30.5` is not a finite number\n    Quote it for a text."),
    ],
)  # fmt: skip
def test_what_yaml_would_silently_make_something_else_of(written: str, data: object, output: str) -> None:
    document, problems = _load(f"a: {written}\n")
    assert document.data == {"a": data}
    assert problems == f"s.yaml:{output}\n"


@pytest.mark.parametrize("written", ["true", "True", "FALSE", "0", "-1", "+5", "1.5", '"on"', "'010'"])
def test_what_is_as_it_looks(written: str) -> None:
    assert _load(f"a: {written}\n")[1] == ""


def test_anchors_and_aliases() -> None:
    document, output = _load("a: &x {b: 1}\nc: *x\n")
    assert (document.data, output) == ({"a": {"b": 1}, "c": {"b": 1}}, "")
    assert document.values["c", "b"] == Place(1, 11, ("c", "b"))


def test_merges_fill_in_what_a_mapping_does_not_set_itself() -> None:
    document, output = _load(
        "a: &a {one: 1, two: 1}\nb: &b {<<: *a, two: 2, three: 2}\nc: {three: 3, <<: [*b, {one: 9, four: 4}]}\n"
    )
    assert output == ""
    assert document.data["b"] == {"one": 1, "two": 2, "three": 2}
    assert document.data["c"] == {"one": 1, "two": 2, "three": 3, "four": 4}
    assert document.keys["c", "one"] == Place(1, 8, ("c", "one"))


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("", "1:1: IOT001 the spec is empty\n    Run `iotgen init DIR` to create one to start from."),
        ("# only a comment\n", "1:1: IOT001 the spec is empty\n    Run `iotgen init DIR` to create one to start from."),
        ("---\n", "1:1: IOT001 the spec is empty\n    Run `iotgen init DIR` to create one to start from."),
        ("null\n", "1:1: IOT001 the spec is empty\n    Run `iotgen init DIR` to create one to start from."),
        ("a:\n\tb: 1\n", "2:1: IOT002 not valid YAML: a tab cannot be used here: YAML is indented with spaces"),
        ("a:\n  b: 1\n  \tc: 1\n", "3:3: IOT002 not valid YAML: a tab cannot be used here: YAML is indented with spaces"),
        ("a: 1\n\tb: 1\n", "2:1: IOT002 not valid YAML: a tab cannot be used here: YAML is indented with spaces"),
        ("a: b: c\n", "1:5: IOT002 not valid YAML: a second `:` on this line: quote the value"),
        ("a:\n  b: 1\n c: 2\n", "3:2: IOT002 not valid YAML: the indentation does not match the lines above"),
        ("a: [b\nc: d\n", "2:2: IOT002 not valid YAML: a `,` or the closing bracket is missing here"),
        ("a: *x\n", "1:4: IOT002 not valid YAML: this alias (`*name`) refers to no anchor (`&name`) above it"),
        ("a: 1\n---\nb: 2\n", "2:1: IOT002 not valid YAML: a spec must be a single YAML document"),
        ("a: 1\nb\nc: 2\n", "3:1: IOT002 not valid YAML: a `:` is missing after this key"),
        ("a: \x07\n", "1:4: IOT002 not valid YAML: control characters are not allowed"),
        ("a: 1\nbé: \x00\n", "2:5: IOT002 not valid YAML: control characters are not allowed"),
        ("a: @x\n", "1:4: IOT002 not valid YAML: a text cannot begin with `@`: quote it"),
        ('a: "x\n', "1:6: IOT002 not valid YAML: a quotation mark or a bracket is not closed"),
    ],
)  # fmt: skip
def test_what_is_not_a_spec_at_all(text: str, output: str) -> None:
    document, problems = _load(text)
    assert document.data is None
    assert problems == f"s.yaml:{output}\n"


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: IOT003 duplicate key `a`; it is already set on line 1"),
        ("a: {b: 1,\n  b: 2}\n", "2:3: IOT003 duplicate key `b`; it is already set on line 1"),
        ('on: 1\n"on": 2\n', "2:1: IOT003 duplicate key `on`; it is already set on line 1"),
        ("a: !secret x\n", "1:4: IOT005 the tag `!secret` is not supported: write plain YAML"),
        ("a: !secret {b: 1}\n", "1:4: IOT005 the tag `!secret` is not supported: write plain YAML"),
        ("a: !!set {b}\n", "1:4: IOT005 the tag `tag:yaml.org,2002:set` is not supported: write plain YAML"),
        ("a: !!binary eA==\n", "1:4: IOT005 the tag `tag:yaml.org,2002:binary` is not supported: write plain YAML"),
        ("!secret a: b\n", "1:1: IOT005 the tag `!secret` is not supported: write plain YAML"),
        ("? [a, b]\n: c\n", "1:3: IOT005 a key must be a plain word, not a list or a mapping"),
        ("? {a: b}\n: c\n", "1:3: IOT005 a key must be a plain word, not a list or a mapping"),
        ("a: &x [*x]\n", "1:4: IOT005 this alias contains itself"),
        ("a: &x {b: {c: *x}}\n", "1:4: IOT005 this alias contains itself"),
        ("a: &x {<<: *x}\n", "1:4: IOT005 `<<` takes a mapping, or a list of mappings"),
        ("a: {<<: 5}\n", "1:9: IOT005 `<<` takes a mapping, or a list of mappings"),
        ("a: {<<: [5]}\n", "1:9: IOT005 `<<` takes a mapping, or a list of mappings"),
        ("a: &x [on]\nb: *x\nc: [*x, *x]\n", "1:8: IOT004 `on` is a boolean in YAML, not a word\n    Write `true` or `\"on\"`."),
    ],
)  # fmt: skip
def test_one_fault_is_one_problem(text: str, output: str) -> None:
    assert _load(text)[1] == f"s.yaml:{output}\n"


def test_all_faults_are_found_at_once() -> None:
    _, output = _load("a: on\nb: 010\nb: !x y\nc: 1\nc: 2\n")
    assert [line.split()[:2] for line in output.splitlines() if not line.startswith(" ")] == [
        ["s.yaml:1:4:", "IOT004"],
        ["s.yaml:2:4:", "IOT004"],
        ["s.yaml:3:1:", "IOT003"],
        ["s.yaml:5:1:", "IOT003"],
    ]


def _bomb(leaf: str, wrap: str) -> str:
    levels = [f"a0: &a0 {leaf}"]
    for level in range(1, 9):
        levels.append(f"a{level}: &a{level} " + wrap % ", ".join([f"*a{level - 1}"] * 9))
    return "\n".join(levels) + "\n"


@pytest.mark.parametrize(
    "text", [_bomb("[x]", "[%s]"), _bomb("{x: y}", "{<<: [%s]}")], ids=["lists", "merges"]
)
def test_a_few_lines_that_stand_for_billions(text: str) -> None:
    assert _load(text)[1] == f"s.yaml:1:1: IOT002 aliases expand this YAML to more than {MAX_NODES:,} nodes\n"


def test_a_text_that_has_too_many_nodes_itself() -> None:
    wide = "a: &a [x]\nb: [*a, " + "x, " * MAX_NODES + "]\n"
    message = f"this YAML has {MAX_NODES + 6:,} nodes; a spec has at most {MAX_NODES:,}"
    assert _load(wide)[1] == f"s.yaml:1:1: IOT002 {message}\n"


def test_nesting_without_end() -> None:
    deep = "a: " + "[" * 5000 + "]" * 5000
    assert _load(deep)[1] == "s.yaml:1:1: IOT002 this YAML is nested too deeply to be a spec\n"


def test_the_deepest_nesting() -> None:
    text = "a: " + "[" * 99 + "x" + "]" * 99
    assert _load(text)[1] == ""
    assert _load(f"b: {{{text}}}")[1] == "s.yaml:1:1: IOT002 this YAML is nested too deeply to be a spec\n"


@pytest.mark.parametrize("depth", [500, 998, 1_001, 1_500, 2_500])
@pytest.mark.parametrize(
    "style",
    [
        lambda depth: "[" * depth + "]" * depth,
        lambda depth: "{a: " * depth + "}" * depth,
        lambda depth: "- " * depth + "x",
        lambda depth: "? " * depth + "x",
        lambda depth: "\n".join(" " * level + "a:" for level in range(depth)),
    ],
    ids=["lists", "mappings", "dashes", "keys", "indentation"],
)
def test_nesting_that_libyaml_or_python_refuses(style: Callable[[int], str], depth: int) -> None:
    assert _load(style(depth))[1] == "s.yaml:1:1: IOT002 this YAML is nested too deeply to be a spec\n"


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000 + "x", "{a: " * 100_000])
def test_nesting_that_would_break_the_process(text: str) -> None:
    assert _load(text)[1] == "s.yaml:1:1: IOT002 this YAML is nested too deeply to be a spec\n"


def test_a_number_longer_than_python_converts() -> None:
    data, output = _load("a: " + "9" * 5000)
    assert data.data == {"a": "9" * 5000}
    assert output.startswith("s.yaml:1:4: IOT004 a number of 5000 digits is too large\n")


def test_a_fault_behind_the_last_line_is_told_at_its_end() -> None:
    assert _load("-\n.")[1].startswith("s.yaml:2:2: IOT002")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "0.1234567890123456789",
            "has more digits than a number can hold: it would become `0.12345678901234568`",
        ),
        (
            "12345678901234567.5",
            "has more digits than a number can hold: it would become `1.2345678901234568e+16`",
        ),
        ("1_000.5", "is a number in a misleading notation"),
    ],
)
def test_a_number_that_would_change(text: str, message: str) -> None:
    assert f"s.yaml:1:4: IOT004 `{text}` {message}\n" in _load(f"a: {text}\n")[1]


@pytest.mark.parametrize("text", ["3.10", "0.1", "-0.0", "1.e+3", ".5", "12345678901234567890123", "1.0e-7"])
def test_a_number_that_stays_what_it_is(text: str) -> None:
    assert _load(f"a: {text}\n")[1] == ""
