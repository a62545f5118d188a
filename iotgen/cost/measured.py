"""What the reference handlers use, as `scripts/bench calls` measured it, by the number of readings."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Called:
    """A verb of access to a resource that an invocation uses: calls, and the items in them."""

    section: str
    key: str
    verb: str
    calls: float
    rows: float


@dataclass(frozen=True)
class Invoked:
    """What one invocation uses on average; bytes are of its log and its answer, `cpu` in seconds."""

    aws_calls: float
    cpu: float
    log_bytes: float
    quiet_log_bytes: float
    response_bytes: float
    called: tuple[Called, ...]


@dataclass(frozen=True)
class Profile:
    """What invocations of a handler use; each list has a number for each of `sizes`."""

    sizes: Sequence[float]
    own: Mapping[str, Sequence[float]]
    cpu_microseconds: tuple[float, float]
    metrics: tuple[str, ...]
    uses: Mapping[tuple[str, str, str], Mapping[str, Sequence[float]]]

    def at(self, readings: float) -> Invoked:
        """An invocation with so many readings, between the sizes that were measured, or beyond them."""
        own = {name: between(self.sizes, amounts, readings) for name, amounts in self.own.items()}
        called = (
            Called(*of, self._amount(amounts, "calls", readings), self._amount(amounts, "rows", readings))
            for of, amounts in self.uses.items()
        )
        cpu = between((1, 100), self.cpu_microseconds, readings) / 1e6
        return Invoked(cpu=cpu, called=tuple(called), **own)

    def _amount(self, amounts: Mapping[str, Sequence[float]], name: str, readings: float) -> float:
        return between(self.sizes, amounts[name], readings) if name in amounts else 0.0


@dataclass(frozen=True)
class Limit:
    """The most calls of a verb to one resource, of all invocations together."""

    section: str
    verb: str
    per_minute: float


@dataclass(frozen=True)
class Measured:
    """All profiles, by the folder of the handler and what calls it, and the sizes of what they write."""

    profiles: Mapping[tuple[str, str], Profile]
    limits: tuple[Limit, ...]
    json_bytes: Sequence[float]
    rows: Mapping[str, Sequence[float]]
    messages: Sequence[float]

    def row_bytes(self, key: str, reading: float) -> float | None:
        """The bytes of a reading's item in a table, by those of its JSON; None if that was not measured."""
        return between(self.json_bytes, self.rows[key], reading) if key in self.rows else None

    def message_bytes(self, reading: float) -> float:
        """The bytes that a reading takes in a message."""
        return between(self.json_bytes, self.messages, reading)


def between(places: Sequence[float], values: Sequence[float], at: float) -> float:
    """The value at a place: on the line through the values on both sides of it, and never below zero."""
    index = min(max(1, bisect_left(places, at)), len(places) - 1)
    (left, right), (low, high) = places[index - 1 : index + 1], values[index - 1 : index + 1]
    return max(0.0, low + (high - low) * (at - left) / (right - left))


@cache
def read_measured() -> Measured:
    """The measurements that come with iotgen."""
    return measured(json.loads(FILE.read_text(encoding="utf-8")))


def measured(data: Mapping[str, Any]) -> Measured:
    """Measurements from the benchmark's data."""
    readings = data["readings"]
    return Measured(
        profiles={_name(name): _profile(profile) for name, profile in data["handlers"].items()},
        limits=tuple(Limit(**limit) for limit in data["limits"]),
        json_bytes=readings["json_bytes"],
        rows=readings["row_bytes"],
        messages=readings["message_bytes"],
    )


def _name(name: str) -> tuple[str, str]:
    folder, _, word = name.partition("/")
    return folder, word


def _profile(data: Mapping[str, Any]) -> Profile:
    uses: dict[tuple[str, str, str], dict[str, Sequence[float]]] = {}
    for use in data["uses"]:
        of = (use["section"], use["key"], use["verb"])
        uses.setdefault(of, {})[use["measure"]] = use["amounts"]
    own = ("aws_calls", "log_bytes", "quiet_log_bytes", "response_bytes")
    few, many = data["cpu_microseconds"]
    return Profile(
        data["sizes"], {name: data[name] for name in own}, (few, many), tuple(data["metrics"]), uses
    )
