"""What a rule is: a code, what it holds, where that is written, and a check of the resolved pipeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from iotgen.model.pipeline import Path, Pipeline, Sources
from iotgen.problem import Severity


@dataclass(frozen=True)
class Finding:
    """A fault at `path` of the spec; `at_key` when it is the key that is at fault."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False


def listed(names: Sequence[str]) -> str:
    """The names as a message shows them: three at most."""
    quoted = [f"`{name}`" for name in names]
    *shown, last = quoted if len(quoted) <= 3 else [*quoted[:3], f"{len(quoted) - 3} more"]
    return f"{', '.join(shown)} and {last}" if shown else last


@dataclass(frozen=True)
class Rule:
    """A rule; `source` is the address of the page that says so, `fix` what to do, in a sentence."""

    code: str
    summary: str
    source: str
    check: Callable[[Pipeline, Sources], Iterable[Finding]]
    severity: Severity = Severity.ERROR
    fix: str = field(kw_only=True)
