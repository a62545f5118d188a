"""The log groups of a resource, and how a line in one is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.resource import Resource


@dataclass(frozen=True)
class Entry:
    """What a log line says: its level in capitals, empty if it has none, and its message."""

    level: str
    message: str


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """The log group `name`; `writer` is the key of what writes to it.

    One that is not `usual` is read only if its writer is asked for. `entry` reads a line that is a JSON
    object without a message of its own.
    """

    writer: str
    name: str
    usual: bool
    entry: Callable[[Mapping[str, Any]], Entry]


def no_entry(_fields: Mapping[str, Any]) -> Entry:
    """What a line without a message says: its fields, and nothing else."""
    return Entry("", "")


def no_logs(_resource: Resource) -> Iterable[LogGroup]:
    """The log groups of a kind whose resources write no logs."""
    return ()
