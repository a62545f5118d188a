"""What a rule is: a code, what it holds, where that is written, and a check of the resolved pipeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Path
from iotgen.model.sources import Sources
from iotgen.problem import Problem, Severity
from iotgen.spec.document import Document


@dataclass(frozen=True)
class Finding:
    """A fault at `path` of the spec; `at_key` when it is the key that is at fault.

    With `file`, the fault is in a file that is named at `path`, at `line` and `column` there.
    """

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    file: str = ""
    line: int = 1
    column: int = 1

    def problem(self, document: Document, code: str, severity: Severity) -> Problem:
        """The fault as a problem of `document`, or of the file that it names."""
        named = document.problem(self.path, code, self.message, self.hint, key=self.at_key, severity=severity)
        if not self.file:
            return named
        return replace(named, file=self.file, line=self.line, column=self.column, named_on=named.line)


def listed(names: Sequence[str]) -> str:
    """The names as a message shows them: three at most."""
    quoted = [f"`{name}`" for name in names]
    *shown, last = quoted if len(quoted) <= 3 else [*quoted[:3], f"{len(quoted) - 3} more"]
    return f"{', '.join(shown)} and {last}" if shown else last


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule, with the texts of its page in docs/problems: sentences of Markdown.

    `summary` says what is wrong, `why` what happens then, according to the page at `source`, `fix` what to
    do, and `ignore` when the problem may stay; an error has none.
    """

    code: str
    severity: Severity = Severity.ERROR
    summary: str
    why: str
    fix: str
    ignore: str = ""
    source: str
    check: Callable[[Pipeline, Sources], Iterable[Finding]]
