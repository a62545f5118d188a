"""Compares the rows of a table with the plan: how often each reading is stored, and whether it differs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from iotgen.simulate.fleet import SENSORS, Fleet, Reading

_MOST = 255  # in a byte


@dataclass(frozen=True, slots=True)
class Row:
    """A reading in a table; `timestamp` is the one in its key, None if that cannot be parsed."""

    device: str
    key: str
    timestamp: int | None
    sensors: Mapping[str, Decimal]
    flagged: bool


@dataclass(frozen=True)
class Tally:
    """The counts of a table's rows, with a byte for each reading.

    `altered` has the differences from the sent reading, by its number; `strangers` are rows that belong to no
    reading.
    """

    counts: bytes
    altered: Mapping[int, str] = field(default_factory=dict)
    flagged: frozenset[int] = frozenset()
    strangers: tuple[str, ...] = ()


def tally(fleet: Fleet, rows: Iterable[Row]) -> Tally:
    """Count the rows of the fleet's devices."""
    counts = bytearray(fleet.options.count)
    altered: dict[int, str] = {}
    flagged: set[int] = set()
    strangers: list[str] = []
    for row in rows:
        number = _number(fleet, row)
        if number is None:
            strangers.append(f"{row.device} {row.key}")
            continue
        counts[number] = min(_MOST, counts[number] + 1)
        if difference := _difference(fleet.reading(number), row):
            altered[number] = difference
        if row.flagged:
            flagged.add(number)
    return Tally(bytes(counts), altered, frozenset(flagged), tuple(strangers))


def _number(fleet: Fleet, row: Row) -> int | None:
    sequence = row.sensors.get("sequence")
    if sequence is None or sequence != sequence.to_integral_value():
        return None
    number = int(sequence)
    if not 0 <= number < fleet.options.count or fleet.original(number) != number:
        return None
    return number if fleet.device(number) == row.device else None


def _difference(sent: Reading, row: Row) -> str:
    if sent.timestamp is not None and row.timestamp != sent.timestamp:
        return f"under the time {row.timestamp} instead of {sent.timestamp}"
    for name in SENSORS:
        if row.sensors.get(name) != Decimal(str(sent.sensors[name])):
            return f"{name} is {row.sensors.get(name)} instead of {sent.sensors[name]}"
    return ""
