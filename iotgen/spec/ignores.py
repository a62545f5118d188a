"""Comments that switch a rule off at a place: `# iotgen: ignore IOT340 because the caller polls`.

Behind a line it holds for that line, on a line of its own for the next one. A reason is required, and what
is ignored is still told, as information.
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

# Problems of the file itself: there is no rule to switch off.
_NOT_RULES = ("IOT0", "IOT1", "IOT2")


@dataclass(frozen=True)
class Ignore:
    """A rule that is switched off on a line; `at` is the comment's own line and column."""

    code: str
    line: int
    reason: str
    at: tuple[int, int]


def find_ignores(text: str, file: str) -> tuple[tuple[Ignore, ...], tuple[Problem, ...]]:
    """The comments of `text`, and what is wrong with those that say nothing of use."""
    ignores: list[Ignore] = []
    problems: list[Problem] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.search(line)
        if not found:
            continue
        at = (number, found.start("comment") + 1)
        alone = not line[: found.start("comment")].strip()
        read = _IGNORE.match(found["comment"].rstrip())
        if read is None or not read["reason"]:
            message = (
                "this switches nothing off" if read is None else "a rule is switched off only with a reason"
            )
            problems.append(Problem(file, *at, "IOT006", message, hint=_FORM))
            continue
        target = _next_line(lines, number) if alone else number
        codes = re.findall(r"IOT\d{3}", read["codes"])
        ignores += [Ignore(code, target, read["reason"], at) for code in codes]
    return tuple(ignores), tuple(problems)


def _next_line(lines: list[str], number: int) -> int:
    """The number of the first line after `number` that is more than a comment."""
    for following, line in enumerate(lines[number:], start=number + 1):
        if line.strip() and not line.lstrip().startswith("#"):
            return following
    return number


def apply_ignores(problems: Iterable[Problem], ignores: Iterable[Ignore], file: str) -> Iterator[Problem]:
    """The problems, those that are ignored as information; and each comment that ignores nothing."""
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
            message = f"{ignore.code} has nothing to say here"
            hint = "Remove the comment."
            yield Problem(file, *ignore.at, "IOT007", message, Severity.WARNING, hint=hint)
