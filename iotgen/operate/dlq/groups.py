"""Letters grouped by what they died of and what they look like."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from iotgen.operate.dlq.letter import ALL, DeadLetter, Filter
from iotgen.operate.dlq.queues import Counts, Opened, counts
from iotgen.operate.dlq.receiving import receiving
from iotgen.operate.dlq.shape import Shape

# So much of each body is kept: messages have up to 1 MiB.
MOST_SHOWN = 10_000


@dataclass(frozen=True)
class Group:
    """Letters with one reason and one shape, the oldest first; their bodies may be cut off."""

    reason: str
    shape: Shape
    letters: tuple[DeadLetter, ...]


@dataclass(frozen=True)
class Shown:
    """A queue, and the groups of the `looked_at` letters; `complete` is whether that is all of it."""

    opened: Opened
    counts: Counts
    groups: tuple[Group, ...]
    looked_at: int
    complete: bool


def look_into(sqs: Any, opened: Opened, most: int, wanted: Filter = ALL) -> Shown:
    """Look at up to `most` letters of a queue, and group those that are wanted."""
    number = counts(sqs, opened.url)
    with receiving(sqs, opened.url, min(most, number.waiting)) as receiver:
        groups = grouped(letter for letter in receiver.letters(most) if wanted.takes(letter))
        return Shown(opened, number, groups, receiver.received, receiver.complete)


def grouped(letters: Iterable[DeadLetter]) -> tuple[Group, ...]:
    """The largest group first."""
    found: dict[tuple[str, Shape], list[DeadLetter]] = {}
    for letter in letters:
        short = replace(letter, body=letter.body[:MOST_SHOWN])
        found.setdefault((letter.reason, letter.shape), []).append(short)
    groups = [
        Group(reason, shape, tuple(sorted(of, key=lambda letter: (letter.sent_ms, letter.id))))
        for (reason, shape), of in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.letters), group.reason, group.shape)))
