"""Problems in SARIF, the Static Analysis Results Interchange Format, for tools that annotate pull requests.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from iotgen.codes import CODES, Code, address, page
from iotgen.problem import Problem, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDEX = {code: index for index, code in enumerate(CODES)}


def sarif(problems: Iterable[Problem], version: str) -> str:
    """A SARIF 2.1.0 log with one run and all rules; `version` is iotgen's."""
    driver = {
        "name": "iotgen",
        "version": version,
        "rules": [_rule(code, about) for code, about in CODES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem) for problem in problems],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, about: Code) -> dict[str, Any]:
    text = f"{about.why} {about.fix}".lstrip()
    return {
        "id": code,
        "shortDescription": {"text": about.summary},
        "fullDescription": {"text": about.why or about.summary},
        "help": {"text": text, "markdown": page(code)},
        "helpUri": address(code),
        "defaultConfiguration": {"level": _LEVELS[about.severity]},
    }


def _result(problem: Problem) -> dict[str, Any]:
    text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    region = {"startLine": problem.line, "startColumn": problem.column}
    location = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": _INDEX[problem.code],
        "level": _LEVELS[problem.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }
