"""The context that the resolvers of all kinds share: settings, environment, and declared keys."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.expression import Label, Reference
from iotgen.model.references import References
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

# Receives each problem.
Report = Callable[[Finding], None]


@dataclass(frozen=True)
class Context:
    """The spec's settings, valid and with all defaults, and what the resolvers need beside them.

    `written` are the settings without the defaults.
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

    @property
    def encryption_key(self) -> Reference | None:
        """The ARN of the pipeline's own KMS key, None with AWS's keys."""
        own = self.data["encryption"]["customer_managed_key"]
        return Reference("aws_kms_key.pipeline.arn") if own else None

    def name(self, key: str) -> str:
        """The name on AWS of the resource `key`."""
        return f"{key}-{self.suffix}"

    def common(self, key: str, path: Path) -> dict[str, Any]:
        """The arguments of every resource, for one whose name is its key and the suffix."""
        return {"key": key, "name": self.name(key), "label": label(key), "path": path}

    def name_of(self, section: str, key: str) -> str:
        """The name on AWS of a resource that may have been renamed: its first key makes it."""
        return self.name(self.keys(section, key)[0]) + self.ending(section, key)

    def ending(self, section: str, key: str) -> str:
        """What AWS wants the names to end in of what is first-in-first-out."""
        return ".fifo" if self.data[section][key].get("fifo") else ""

    def keys(self, section: str, key: str) -> tuple[str, ...]:
        """The keys that a resource has had, oldest first, with the one of today."""
        return (*self.data[section][key].get("renamed_from", ()), key)

    def renamable(self, key: str, path: Path) -> dict[str, Any]:
        """The arguments of a resource that keeps its name on AWS under another key."""
        section = str(path[0])
        former = tuple(label(one) for one in self.keys(section, key)[:-1])
        return self.common(key, path) | {"name": self.name_of(section, key), "former": former}

    def entries(self, section: str) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
        """Key, settings and path of each resource of a section."""
        for key, settings in self.data[section].items():
            yield key, settings, (section, key)

    def functions(self) -> Iterator[Mapping[str, Any]]:
        """The settings of each function."""
        yield from self.data["functions"].values()

    def has(self, section: str, key: str, path: Path) -> bool:
        """Whether `key` can be referred to; a problem at `path` if it is not declared."""
        return self.references.has(section, key, path)


def label(key: str) -> Label:
    """The Terraform name of a key. Keys have no underscores, so no two share one."""
    return Label(key.replace("-", "_"))
