"""What is wrong with a spec: a finding says so of a path in it, a problem of a line in a file."""

from dataclasses import dataclass
from enum import StrEnum

# The keys and indexes that lead to a node of a spec.
Path = tuple[str | int, ...]


class Severity(StrEnum):
    """How much a problem matters; only errors stop a render."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One fault at `path` of a spec; `at_key` when it is the key that is at fault, rather than the value.

    With `file`, the fault is in a file that is named at `path`, at `line` and `column` there. What a rule
    finds has the rule's code and severity.
    """

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    file: str = ""
    line: int = 1
    column: int = 1
    code: str = ""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, order=True)
class Problem:
    """One fault, once; ordered by its place.

    `line` and `column` count from 1; `path` is the JSON pointer (RFC 6901) of the node at fault. Of a fault
    in a file that the spec names, `path` and `named_on` are the place in the spec where it is named.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: Severity = Severity.ERROR
    path: str = ""
    hint: str = ""
    named_on: int = 0
