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


@dataclass(frozen=True)
class Span:
    """From when to when something lasted, in milliseconds since 1970."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """The log group `name`; `writer` is the key of what writes to it.

    One that is not `usual` is read only if its writer is asked for. `entry` reads a line that is a JSON
    object without a message of its own. `span` gives what a line is about, from its fields and its time.
    """

    writer: str
    name: str
    usual: bool
    entry: Callable[[Mapping[str, Any]], Entry]
    span: Callable[[Mapping[str, Any], int], Span]


def no_entry(_fields: Mapping[str, Any]) -> Entry:
    """What a line without a message says: its fields, and nothing else."""
    return Entry("", "")


def moment(_fields: Mapping[str, Any], time: int) -> Span:
    """The span of lines that say of nothing how long it lasted."""
    return Span(time, time)


def until(field: str) -> Callable[[Mapping[str, Any], int], Span]:
    """The span of lines that are written at its end, with its milliseconds in a field."""

    def span(fields: Mapping[str, Any], time: int) -> Span:
        length = fields.get(field)
        if not isinstance(length, int | float) or not 0 <= length <= time:
            return Span(time, time)
        return Span(time - int(length), time)

    return span


def no_logs(_resource: Resource) -> Iterable[LogGroup]:
    """The log groups of a kind whose resources write no logs."""
    return ()
