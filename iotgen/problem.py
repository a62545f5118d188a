"""What is wrong with a spec: a finding is at a path of the spec, a problem at a line of a file."""

from dataclasses import dataclass
from enum import StrEnum

# The keys and indexes that lead to a node of a spec.
Path = tuple[str | int, ...]


class Severity(StrEnum):
    """The severity of a problem; only errors stop a render."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One fault at `path` of a spec; `at_key` if the key is at fault, rather than the value.

    With `within`, it is at one character of a text: the text, and which, from 0. With `file`, it is at `line`
    and `column` of that file, which the spec names at `path`. The findings of a rule have its code and
    severity.
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
    within: tuple[str, int] | None = None


@dataclass(frozen=True, order=True)
class Problem:
    """One fault, once; ordered by its place.

    `line` and `column` count from 1; `path` is the JSON pointer (RFC 6901) of the node at fault. For a fault
    in another file, `path` and `named_on` (a line) are where the spec names the file.
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
