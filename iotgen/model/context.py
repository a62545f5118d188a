"""What the resolvers of all kinds share: the spec's data, the environment, and what was declared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from iotgen.model.expression import Label
from iotgen.model.pipeline import Path, Sources
from iotgen.model.references import References


class Report(Protocol):
    """Takes a fault at `path` of the spec; `at_key` when its key is at fault."""

    def __call__(self, path: Path, code: str, message: str, hint: str = "", *, at_key: bool = False) -> None:
        """Report it."""


@dataclass(frozen=True)
class Context:
    """The spec's settings, sound by the schema and with all defaults, and what goes with them.

    `written` is the same before the defaults were filled in.
    """

    data: Mapping[str, Any]
    written: Mapping[str, Any]
    references: References
    suffix: str
    sources: Sources
    report: Report

    @property
    def region(self) -> str:
        """The AWS region."""
        return str(self.data["region"])

    def name(self, key: str) -> str:
        """The name on AWS of the resource `key`."""
        return f"{key}-{self.suffix}"

    def entries(self, section: str) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
        """Key, settings and path of each resource of a section."""
        for key, settings in self.data[section].items():
            yield key, settings, (section, key)

    def has(self, section: str, key: str, path: Path) -> bool:
        """Whether `key` can be referred to; a problem at `path` when it was never declared."""
        return self.references.has(section, key, path)

    def inherited(self, key: str) -> frozenset[str]:
        """The settings of the function `key` that come from `defaults.function`."""
        shared = (self.written.get("defaults") or {}).get("function") or {}
        return frozenset(shared) - frozenset(self.written["functions"][key])


def label(key: str) -> Label:
    """The Terraform name of a key. Keys have no underscores, so no two share one."""
    return Label(key.replace("-", "_"))
