"""A trace: what happened to a reading, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a step means for the reading."""

    PASSED = "passed"
    REJECTED = "rejected"
    FAILED = "failed"
    WAITED = "waited"
    STORED = "stored"
    NOTIFIED = "notified"
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened, from `start` to `end` in milliseconds since 1970; None if that is not known.

    `who` is a key of the spec, `what` describes it in some words, and `where` says by name and value how to
    find it: a request, the key of a row, a message.
    """

    start: int | None
    end: int | None
    who: str
    what: str
    where: Mapping[str, str]
    outcome: Outcome


@dataclass(frozen=True)
class Trace:
    """What happened to the reading with an id, in the order of time.

    `waiting` says where it may be on its way, and `unseen` what could not be looked at, and why.
    """

    id: str
    devices: tuple[str, ...]
    steps: tuple[Step, ...]
    waiting: tuple[str, ...]
    unseen: tuple[str, ...]
    verdict: str
