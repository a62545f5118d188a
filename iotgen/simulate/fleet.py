"""The fleet's readings, each a pure function of the run's options and its number.

Only the kind of a reading is kept, in one byte: its text is generated again for each retry, and for the
comparison with the stored row. So a run of any length needs almost no memory.
"""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from random import Random

from iotgen.simulate import faults
from iotgen.simulate.options import Options, Shares

SENSORS = ("temperature", "humidity", "pressure", "sequence")
"""The names of the values in each reading; `sequence` is the reading's number."""

# A duplicate repeats one of this many earlier readings: some of them are in the same request.
_REPEATS_WITHIN = 40
_SECOND, _HOUR, _DAY = 1000, 3_600_000, 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# One of _BARE readings has no event id, and one of _ISO has its time in ISO 8601.
_BARE = 4
_ISO = 5


class Kind(IntEnum):
    """The kind of a reading, which determines its expected result."""

    NORMAL = 0
    LATE = 1
    OUT_OF_ORDER = 2
    UNTIMED = 3
    DUPLICATE = 4
    FUTURE = 5
    MALFORMED = 6
    OVERSIZED = 7

    @property
    def label(self) -> str:
        """The name in options and reports."""
        return self.name.lower().replace("_", "-")


FAULTY = frozenset({Kind.MALFORMED, Kind.OVERSIZED})
"""The kinds that must be rejected, each with a reason."""
_ORIGINAL = frozenset({Kind.NORMAL, Kind.LATE, Kind.OUT_OF_ORDER, Kind.UNTIMED})


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading, before any fault.

    `timestamp` is None if the device omits it; `iso` is whether it is written in ISO 8601.
    """

    number: int
    kind: Kind
    device: str
    timestamp: int | None
    event: str | None
    sensors: dict[str, int | float]
    iso: bool


@dataclass(frozen=True, slots=True)
class Fleet:
    """All readings of a run, numbered from 0."""

    options: Options
    run: str
    kinds: bytes

    @property
    def devices(self) -> list[str]:
        """The names of the devices that send readings."""
        return [self.device(number) for number in range(min(self.options.devices, self.options.count))]

    def kind(self, number: int) -> Kind:
        """The kind of a reading."""
        return Kind(self.kinds[number])

    def device(self, number: int) -> str:
        """The device that sends a reading."""
        return f"{self.prefix}{number % self.options.devices:05d}"

    @property
    def prefix(self) -> str:
        """The prefix of the devices' names."""
        return f"sim-{self.run}-"

    def due(self, number: int) -> float:
        """When a reading is sent, in seconds from the start of the run."""
        return number * self.options.interval / self.options.devices

    def original(self, number: int) -> int:
        """The reading that a duplicate repeats; another reading is its own original."""
        if self.kinds[number] != Kind.DUPLICATE:
            return number
        skip = self._random(number).randrange(_REPEATS_WITHIN)
        last = -1
        for before in range(number - 1, -1, -1):
            if self.kinds[before] in _ORIGINAL:
                last = before
                if number - before > skip:
                    return before
        return last if last >= 0 else self._first_original()

    def reading(self, number: int) -> Reading:
        """The reading with a number; a malformed one before its fault."""
        number = self.original(number)
        kind, random = self.kind(number), self._random(number)
        sensors: dict[str, int | float] = {
            "temperature": round(random.uniform(-10, 45), 2),
            "humidity": round(random.uniform(20, 95), 1),
            "pressure": round(random.uniform(970, 1040), 1),
            "sequence": number,
        }
        event = f"e-{number}" if random.randrange(_BARE) else None
        iso = random.randrange(_ISO) == 0
        timestamp = None if kind is Kind.UNTIMED else self._time(number, kind, random)
        return Reading(number, kind, self.device(number), timestamp, event, sensors, iso)

    def text(self, number: int) -> bytes:
        """The bytes that the device sends, always the same for a number: JSON, unless it is malformed."""
        kind, document = self.kind(self.original(number)), self.document(number)
        if kind is Kind.MALFORMED:
            return faults.malformed(document, self.fault(number))
        if kind is Kind.OVERSIZED:
            return faults.oversized(document, self.fault(number))
        return _dumped(document)

    def document(self, number: int) -> dict[str, object]:
        """What the device sends, before any fault."""
        reading = self.reading(number)
        document: dict[str, object] = {"device_id": reading.device}
        if reading.timestamp is not None:
            document["timestamp"] = _written(reading.timestamp, reading.iso)
        if reading.event:
            document["event_id"] = reading.event
        return document | {"sensor_data": reading.sensors}

    def fault(self, number: int) -> Random:
        """What chooses a reading's fault, always the same."""
        return Random(f"{self.run}/fault/{number}")  # noqa: S311

    def is_alone(self, number: int) -> bool:
        """Whether a reading makes the whole body unreadable or too large, so that it needs its own."""
        if self.kinds[number] == Kind.MALFORMED:
            return faults.is_no_json(self.fault(number))
        return self.kinds[number] == Kind.OVERSIZED and faults.is_huge(self.fault(number))

    def _time(self, number: int, kind: Kind, random: Random) -> int:
        options = self.options
        step = round(options.interval * _SECOND) or options.devices
        if options.interval:
            on_time = options.start + round(self.due(number) * _SECOND)
        else:
            on_time = options.start - (options.count - number)
        shifts = {
            Kind.LATE: -random.randrange(_HOUR, 7 * _DAY),
            Kind.OUT_OF_ORDER: -random.randrange(1, 20) * step,
            Kind.FUTURE: random.randrange(365 * _DAY, 3650 * _DAY),
        }
        return max(0, on_time + shifts.get(kind, 0))

    def _first_original(self) -> int:
        return next(number for number, kind in enumerate(self.kinds) if kind in _ORIGINAL)

    def _random(self, number: int) -> Random:
        return Random(f"{self.run}/{number}")  # noqa: S311 (not secret, but repeatable)


def plan(options: Options) -> Fleet:
    """Plan a run: readings of each kind in the options' shares, in an order that depends on the seed."""
    run, kinds = options.run, bytearray()
    total = 0.0
    for field in fields(Shares):
        total += getattr(options.shares, field.name)
        kinds.extend([Kind[field.name.upper()]] * (round(total * options.count) - len(kinds)))
    kinds.extend(bytes(options.count - len(kinds)))
    Random(f"{run}/kinds").shuffle(kinds)  # noqa: S311
    if Kind.DUPLICATE in kinds and not _ORIGINAL.intersection(kinds):
        kinds[kinds.index(Kind.DUPLICATE)] = Kind.NORMAL  # a duplicate needs a reading to repeat
    return Fleet(options, run, bytes(kinds))


def _written(timestamp: int, as_text: bool) -> int | str:
    if not as_text:
        return timestamp
    return (_EPOCH + timedelta(milliseconds=timestamp)).isoformat(timespec="milliseconds")


def _dumped(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
