"""What was sent in a history, and what was promised of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK = re.compile(r"mark-\d+")
# Marks in the form of a row.
_MARK = re.compile(rb"mark-\d+")
DEVICE = re.compile(r"device-[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that was sent: its mark is a text in it that no other has. A bad one cannot be taken."""

    mark: str
    source: str
    document: Mapping[str, Any]
    crosses: bool = False
    bad: bool = False

    @property
    def device(self) -> str:
        """The device's id."""
        return str(self.document["device_id"])


@dataclass(slots=True)
class Ledger:
    """The readings that were sent, by mark; those that were promised to be kept, and since when.

    `refused` are good readings that a client was told to be wrong, with the status. `bad` are those that were
    answered for together with good ones. `poison` counts the messages that nobody can read, by where they
    were put. `objects` are the readings of objects, by their keys.
    """

    sent: dict[str, Reading] = field(default_factory=dict)
    promised: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    poison: Counter[str] = field(default_factory=Counter)
    objects: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    requests: int = 0

    def promise(self, readings: tuple[Reading, ...], now: int) -> None:
        """Note that the pipeline has answered for readings."""
        for reading in readings:
            if reading.bad:
                self.bad.add(reading.mark)
            else:
                self.promised.setdefault(reading.mark, now)


def marks_in(written: bytes) -> set[str]:
    """The marks in a form."""
    return {mark.decode() for mark in _MARK.findall(written)}


def leaves(value: Any) -> Iterator[str]:
    """The texts and numbers in a value in DynamoDB's JSON, as texts; those of JSON in a text, too."""
    for kind, content in value.items():
        if kind == "M":
            for one in content.values():
                yield from leaves(one)
        elif kind == "L":
            for one in content:
                yield from leaves(one)
        else:
            yield str(content)
