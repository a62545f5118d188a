"""Problems as text for people, and as JSON and SARIF for machines."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from iotgen.problem import Problem, Severity

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def text(problems: Iterable[Problem]) -> str:
    """`FILE:LINE:COLUMN: CODE message` for each, with its hint under it."""
    return "".join(_line(problem) for problem in problems)


def _line(problem: Problem) -> str:
    kind = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
    hint = f"    {problem.hint}\n" if problem.hint else ""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: {problem.code} {kind}{problem.message}\n{hint}"


def as_json(problems: Iterable[Problem]) -> str:
    """A list of objects."""
    objects = [
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
    return json.dumps(objects, indent=2, ensure_ascii=False) + "\n"


def sarif(problems: Iterable[Problem], version: str) -> str:
    """A SARIF 2.1.0 log with one run; `version` is iotgen's."""
    found = list(problems)
    rules = [{"id": code} for code in sorted({problem.code for problem in found})]
    run = {
        "tool": {"driver": {"name": "iotgen", "version": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem) for problem in found],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_result(problem: Problem) -> dict[str, Any]:
    said = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    region = {"startLine": problem.line, "startColumn": problem.column}
    place = {"physicalLocation": {"artifactLocation": {"uri": quote(problem.file)}, "region": region}}
    return {
        "ruleId": problem.code,
        "level": _SARIF_LEVELS[problem.severity],
        "message": {"text": said},
        "locations": [place],
    }
