"""Comments that disable a rule on a line."""

from iotgen.problem import Problem, Severity
from iotgen.spec.ignores import Ignore, apply_ignores, find_ignores

FILE = "spec.yaml"
PROBLEM = Problem(FILE, 2, 5, "IOT340", "it takes long", Severity.WARNING, hint="less")


def _reported(text: str, *problems: Problem) -> list[tuple[int, str, Severity, str]]:
    ignores, misused = find_ignores(text, FILE)
    reported = [*misused, *apply_ignores(problems, ignores, FILE)]
    return [(problem.line, problem.code, problem.severity, problem.message) for problem in reported]


def test_a_comment_behind_a_line_holds_for_it() -> None:
    text = "a:\n    b: 1  # iotgen: ignore IOT340 because the caller polls\n"
    message = "ignored, because the caller polls: it takes long"
    assert _reported(text, PROBLEM) == [(2, "IOT340", Severity.INFO, message)]


def test_a_comment_on_its_own_line_holds_for_the_next_that_is_more_than_a_comment() -> None:
    text = "# iotgen: ignore IOT340, IOT341 because of this\n\n# and that\na: 1\n"
    ignores, misused = find_ignores(text, FILE)
    assert [(ignore.code, ignore.line, ignore.at) for ignore in ignores] == [
        ("IOT340", 4, (1, 1)), ("IOT341", 4, (1, 1))
    ]  # fmt: skip
    assert misused == ()


def test_it_holds_for_that_line_code_and_file_only() -> None:
    ignores = [Ignore("IOT340", 2, "so", (2, 10))]
    others = [
        Problem(FILE, 3, 5, "IOT340", "elsewhere"),
        Problem(FILE, 2, 5, "IOT341", "another"),
        Problem("other.txt", 2, 5, "IOT340", "another file"),
    ]
    applied = list(apply_ignores([*others, PROBLEM], ignores, FILE))
    assert applied[:3] == others
    assert applied[3].severity is Severity.INFO


def test_a_reason_is_required() -> None:
    message = "disabling a rule needs a reason"
    assert _reported("a: 1  # iotgen: ignore IOT340\n") == [(1, "IOT006", Severity.ERROR, message)]


def test_a_comment_that_says_something_else_is_reported() -> None:
    message = "this comment disables no rule"
    assert _reported("# iotgen: ignroe IOT340 because\n") == [(1, "IOT006", Severity.ERROR, message)]


def test_a_comment_without_a_problem_is_reported() -> None:
    message = "no IOT340 is reported here"
    assert _reported("a: 1  # iotgen: ignore IOT340 because so\n") == [
        (1, "IOT007", Severity.WARNING, message)
    ]


def test_what_is_wrong_with_the_file_itself_cannot_be_disabled() -> None:
    broken = Problem(FILE, 1, 1, "IOT101", "unknown")
    applied = _reported("a: 1  # iotgen: ignore IOT101 because so\n", broken)
    assert applied[0] == (1, "IOT101", Severity.ERROR, "unknown")


def test_a_fault_in_a_named_file_is_disabled_where_the_file_is_named() -> None:
    inside = Problem("body.json", 7, 2, "IOT340", "inside", named_on=2)
    other = Problem("body.json", 2, 2, "IOT340", "named elsewhere", named_on=9)
    applied = list(apply_ignores([inside, other], [Ignore("IOT340", 2, "so", (2, 10))], FILE))
    assert [problem.severity for problem in applied] == [Severity.INFO, Severity.ERROR]
