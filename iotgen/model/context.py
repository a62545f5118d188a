"""What the resolvers of all kinds share: the spec's data, the environment, and what was declared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.expression import Label
from iotgen.model.pipeline import Path, Sources
from iotgen.spec.nearest import nearest

NOUNS = {
    "parameters": "parameter",
    "layers": "layer",
    "tables": "table",
    "queues": "queue",
    "topics": "topic",
    "buckets": "bucket",
    "functions": "function",
}

# Takes the path at fault, a code, the message and a hint.
Report = Callable[[Path, str, str, str], None]


@dataclass(frozen=True)
class Context:
    """`data` is sound by the schema; `declared` also has the keys whose settings were at fault."""

    data: Mapping[str, Any]
    declared: Mapping[str, frozenset[str]]
    suffix: str
    sources: Sources
    report: Report

    @property
    def region(self) -> str:
        """The AWS region."""
        return str(self.data.get("region", "us-east-1"))

    def name(self, key: str) -> str:
        """The name on AWS of the resource `key`."""
        return f"{key}-{self.suffix}"

    def entries(self, section: str) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
        """Key, settings and path of each resource of a section."""
        for key, settings in (self.data.get(section) or {}).items():
            yield key, settings, (section, key)

    def has(self, section: str, key: str, path: Path) -> bool:
        """Whether `key` can be referred to; a problem at `path` when it was never declared."""
        if key in (self.data.get(section) or {}):
            return True
        known = self.declared.get(section, frozenset())
        if key not in known:
            noun = NOUNS[section]
            meant = nearest(key, sorted(known))
            there = f"{section} here: {', '.join(sorted(known))}" if known else f"the spec has no {section}"
            asked = f"; did you mean `{meant}`?" if meant else ""
            self.report(path, "IOT201", f"there is no {noun} `{key}`{asked}", "" if meant else there)
        return False

    @property
    def function_defaults(self) -> Mapping[str, Any]:
        """The settings that every function starts from."""
        return (self.data.get("defaults") or {}).get("function") or {}

    def function_setting(self, function: Mapping[str, Any], setting: str, default: Any) -> Any:
        """A function's setting: its own, else that of `defaults.function`, else `default`."""
        return function.get(setting, self.function_defaults.get(setting, default))


def label(key: str) -> Label:
    """The Terraform name of a key. Keys have no underscores, so no two share one."""
    return Label(key.replace("-", "_"))
