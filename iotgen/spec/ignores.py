"""Comments that disable a rule on a line: `# iotgen: ignore IOT340 because the caller polls`.

At the end of a line it applies to that line, on a line of its own to the next one. A reason is required, and
ignored problems are still reported, as information.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iotgen.problem import Problem, Severity

_COMMENT = re.compile(r"(?:^|\s)(?P<comment>#\s*iotgen:.*)$")
_IGNORE = re.compile(
    r"#\s*iotgen:\s*ignore\s+(?P<codes>IOT\d{3}(?:\s*,\s*IOT\d{3})*)(?:\s+because\s+(?P<reason>\S.*))?$"
)
_FORM = "Write `# iotgen: ignore IOT123 because ...`."

# Problems of the file itself: there is no rule to disable.
_NOT_RULES = ("IOT0", "IOT1", "IOT2")


@dataclass(frozen=True)
class Ignore:
    """A rule that is disabled on a line; `at` is the comment's own line and column."""

    code: str
    line: int
    reason: str
    at: tuple[int, int]


def find_ignores(text: str, file: str) -> tuple[tuple[Ignore, ...], tuple[Problem, ...]]:
    """The comments of `text`, and a problem for each malformed one."""
    ignores: list[Ignore] = []
    problems: list[Problem] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        match = _COMMENT.search(line)
        if not match:
            continue
        at = (number, match.start("comment") + 1)
        alone = not line[: match.start("comment")].strip()
        comment = _IGNORE.match(match["comment"].rstrip())
        if comment is None or not comment["reason"]:
            message = (
                "this comment disables no rule" if comment is None else "disabling a rule needs a reason"
            )
            problems.append(Problem(file, *at, "IOT006", message, hint=_FORM))
            continue
        target = _next_line(lines, number) if alone else number
        codes = re.findall(r"IOT\d{3}", comment["codes"])
        ignores += [Ignore(code, target, comment["reason"], at) for code in codes]
    return tuple(ignores), tuple(problems)


def _next_line(lines: list[str], number: int) -> int:
    """The number of the first line after `number` that is neither blank nor a comment."""
    for following, line in enumerate(lines[number:], start=number + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return following
    return number


def apply_ignores(problems: Iterable[Problem], ignores: Iterable[Ignore], file: str) -> Iterator[Problem]:
    """The problems, the ignored ones as information, and a warning for each comment that ignores none."""
    by_place = {(ignore.line, ignore.code): ignore for ignore in ignores}
    used: set[Ignore] = set()
    for problem in problems:
        line = problem.line if problem.file == file else problem.named_on
        ignore = by_place.get((line, problem.code))
        if ignore is None or problem.code.startswith(_NOT_RULES):
            yield problem
            continue
        used.add(ignore)
        text = f"ignored, because {ignore.reason}: {problem.message}"
        yield replace(problem, severity=Severity.INFO, message=text, hint="")
    for ignore in by_place.values():
        if ignore not in used:
            message = f"no {ignore.code} is reported here"
            hint = "Remove the comment."
            yield Problem(file, *ignore.at, "IOT007", message, Severity.WARNING, hint=hint)
