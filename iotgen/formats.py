"""Formats problems as text for people, and as JSON for programs."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from iotgen.problem import Problem, Severity
from iotgen.visible import visible

# Colours a text by the severity of its problem.
Paint = Callable[[str, Severity], str]

WIDTH = 160
# A colon is a separator only at the end of a word: not in an ARN.
_TOKEN = re.compile(r"""("[^"]*"|'[^']*'|([^\s,{}\[\]:]|:(?=[^\s,{}\[\]]))+)""")


def _unpainted(text: str, _severity: Severity) -> str:
    return text


def text(problems: Iterable[Problem], texts: Mapping[str, str], paint: Paint = _unpainted) -> str:
    """`FILE:LINE:COLUMN: CODE message` for each, followed by its line of the file and its hint.

    `texts` has the files' texts by name; a problem in another file has no line below it. `paint` colours the
    code and the carets by severity.
    """
    lines = {file: content.splitlines() for file, content in texts.items()}
    return "".join(_paragraph(problem, lines.get(problem.file, []), paint) for problem in problems)


def _paragraph(problem: Problem, lines: Sequence[str], paint: Paint) -> str:
    kind = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
    place = f"{visible(problem.file)}:{problem.line}:{problem.column}"
    message = f"{place}: {paint(problem.code, problem.severity)} {kind}{visible(problem.message)}\n"
    shown = _excerpt(problem, lines[problem.line - 1], paint) if problem.line <= len(lines) else ""
    hint = f"    {visible(problem.hint)}\n" if problem.hint else ""
    return message + shown + hint


def _excerpt(problem: Problem, line: str, paint: Paint) -> str:
    """The line, with carets under the token at fault: a quoted text, or the text up to the next separator."""
    before = visible(line[: problem.column - 1].replace("\t", " "))
    match = _TOKEN.match(line, problem.column - 1)
    token = visible(match[0]) if match else "."
    mark = "^" * min(len(token), max(1, WIDTH - len(before)))
    gutter = str(problem.line)
    under = " " * len(gutter)
    shown = visible(line.replace("\t", " "))[:WIDTH]
    space = " " * max(len(before), problem.column - 1)
    return f"    {gutter} | {shown}\n    {under} | {space}{paint(mark, problem.severity)}\n"


def counts(problems: Iterable[Problem]) -> str:
    """The number of errors and warnings, in words."""
    numbers = Counter(problem.severity for problem in problems)
    parts = [_counted(numbers[severity], severity) for severity in (Severity.ERROR, Severity.WARNING)]
    return ", ".join(part for part in parts if part) or "no problems"


def _counted(number: int, severity: Severity) -> str:
    return f"{number} {severity}{'' if number == 1 else 's'}" if number else ""


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON list of objects."""
    return visible(json.dumps(as_data(problems), indent=2, ensure_ascii=False), keep="\n") + "\n"


def as_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """An object for each problem."""
    return [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "code": problem.code,
            "severity": str(problem.severity),
            "message": problem.message,
            "path": problem.path,
            "hint": problem.hint,
        }
        for problem in problems
    ]
