import json

import pytest

from iotgen import formats
from iotgen.problem import Problem, Severity

SPEC = 'version: 1\npipeline: "my pipeline"\nfunctions: {f: {memmory: 5}}\n'
PROBLEMS = (
    Problem("s p/é.yaml", 2, 11, "IOT104", "`pipeline` is odd", path="/pipeline", hint="write another"),
    Problem("s p/é.yaml", 3, 17, "IOT340", 'a "warning"', Severity.WARNING, "/functions/f/memmory"),
    Problem("s p/é.yaml", 3, 17, "IOT341", "an <info>", Severity.INFO),
    Problem("requirements.txt", 7, 1, "IOT205", "not pinned"),
)


def test_text() -> None:
    assert formats.text(PROBLEMS, {"s p/é.yaml": SPEC}) == (
        "s p/é.yaml:2:11: IOT104 `pipeline` is odd\n"
        '    2 | pipeline: "my pipeline"\n'
        "      |           ^^^^^^^^^^^^^\n"
        "    write another\n"
        's p/é.yaml:3:17: IOT340 warning: a "warning"\n'
        "    3 | functions: {f: {memmory: 5}}\n"
        "      |                 ^^^^^^^\n"
        "s p/é.yaml:3:17: IOT341 info: an <info>\n"
        "    3 | functions: {f: {memmory: 5}}\n"
        "      |                 ^^^^^^^\n"
        "requirements.txt:7:1: IOT205 not pinned\n"
    )


@pytest.mark.parametrize("word", ["arn:aws:sqs:us-east-1:jobs", "10:30", '"a: b"', "jobs"])
def test_all_of_a_word_is_marked(word: str) -> None:
    line = f"of: {{it: {word}, more: 1}}"
    printed = formats.text([Problem("s.yaml", 1, 10, "IOT104", "odd")], {"s.yaml": line})
    assert printed.splitlines()[-1] == "      | " + " " * 9 + "^" * len(word)


def test_text_is_painted_where_a_problem_is_marked() -> None:
    def paint(text: str, severity: Severity) -> str:
        return f"<{severity}>{text}</>"

    assert formats.text(PROBLEMS[1:2], {"s p/é.yaml": SPEC}, paint) == (
        's p/é.yaml:3:17: <warning>IOT340</> warning: a "warning"\n'
        "    3 | functions: {f: {memmory: 5}}\n"
        "      |                 <warning>^^^^^^^</>\n"
    )


@pytest.mark.parametrize(("line", "column"), [(1, 1), (3, 1), (1, 40), (9, 9)])
def test_a_place_at_the_end_of_a_file_or_past_it(line: int, column: int) -> None:
    problem = Problem("s.yaml", line, column, "IOT001", "empty")
    assert formats.text([problem], {"s.yaml": "\n\n"}).startswith(f"s.yaml:{line}:{column}: IOT001 empty\n")
    assert formats.text([problem], {}) == f"s.yaml:{line}:{column}: IOT001 empty\n"


def test_a_very_long_line_is_cut() -> None:
    problem = Problem("s.yaml", 1, 1, "IOT104", "long")
    assert all(len(line) < 200 for line in formats.text([problem], {"s.yaml": "x" * 10_000}).splitlines())


@pytest.mark.parametrize(
    ("problems", "output"),
    [
        (PROBLEMS, "2 errors, 1 warning"),
        (PROBLEMS[:1], "1 error"),
        (PROBLEMS[1:2] * 2, "2 warnings"),
        (PROBLEMS[2:3], "no problems"),
        ((), "no problems"),
    ],
)
def test_counts(problems: tuple[Problem, ...], output: str) -> None:
    assert formats.counts(problems) == output


def test_json() -> None:
    objects = json.loads(formats.as_json(PROBLEMS))
    assert objects[0] == {
        "file": "s p/é.yaml",
        "line": 2,
        "column": 11,
        "code": "IOT104",
        "severity": "error",
        "message": "`pipeline` is odd",
        "path": "/pipeline",
        "hint": "write another",
    }
    assert [found["severity"] for found in objects] == ["error", "warning", "info", "error"]
    assert formats.as_json([]) == "[]\n"


INVISIBLE = "a\x1b[31m\u202eb\x00\U000e0041c"
SHOWN = "a\\u001b[31m\\u202eb\\u0000\\udb40\\udc41c"


def test_characters_that_a_terminal_acts_upon_are_shown_as_escapes() -> None:
    problem = Problem(f"{INVISIBLE}.yaml", 1, 4, "IOT104", INVISIBLE, hint=INVISIBLE)
    output = formats.text([problem], {problem.file: f"x: {INVISIBLE} y"})
    assert output == (
        f"{SHOWN}.yaml:1:4: IOT104 {SHOWN}\n"
        f"    1 | x: {SHOWN} y\n"
        f"      |    {'^' * len('a' + chr(92) + 'u001b')}\n"
        f"    {SHOWN}\n"
    )


def test_the_mark_stands_behind_escapes() -> None:
    output = formats.text([Problem("s", 1, 4, "IOT104", "odd")], {"s": "a\u202eb c"})
    assert output.splitlines()[1:] == ["    1 | a\\u202eb c", "      |" + " " * 9 + "^"]


def test_machines_read_the_characters_themselves_and_never_get_them_raw() -> None:
    problem = Problem("s.yaml", 1, 1, "IOT104", INVISIBLE + "é\n", hint=INVISIBLE)
    output = formats.as_json([problem])
    assert output.replace("\n", "").isprintable()
    assert json.loads(output)[0]["message"] == INVISIBLE + "é\n"
