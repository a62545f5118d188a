"""A problem: one fault of a spec, at its place."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters; only errors stop a render."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


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
