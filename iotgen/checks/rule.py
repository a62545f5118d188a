"""A rule: its code, its texts, its source, and a check of the resolved pipeline."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def listed(names: Sequence[str]) -> str:
    """The names for a message: three at most, then how many more."""
    quoted = [f"`{name}`" for name in names]
    *shown, last = quoted if len(quoted) <= 3 else [*quoted[:3], f"{len(quoted) - 3} more"]
    return f"{', '.join(shown)} and {last}" if shown else last


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule, with the texts of its page in docs/problems: sentences of Markdown.

    `summary` is what is wrong, `why` the consequence according to the page at `source`, `fix` the remedy,
    and `ignore` when the problem may stay; an error has none.
    """

    code: str
    severity: Severity = Severity.ERROR
    summary: str
    why: str
    fix: str
    ignore: str = ""
    source: str
    check: Callable[[Pipeline, Sources], Iterable[Finding]]

    def findings(self, pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
        """The findings of `check`, with the rule's code and severity."""
        for finding in self.check(pipeline, sources):
            yield replace(finding, code=self.code, severity=self.severity)
