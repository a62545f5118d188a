"""The fleet's readings, each a pure function of the run's options and its number.

Nothing is kept of a reading but its kind, one byte: it is made again when it is sent again, and once more
when what was stored is compared with it. So a run of any length needs next to no memory.
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

# A duplicate repeats one of so many readings before it: some of them are in the same request.
_REPEATS_WITHIN = 40
_SECOND, _HOUR, _DAY = 1000, 3_600_000, 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# One reading in so many names no event, and one in so many writes its time as ISO 8601.
_BARE = 4
_ISO = 5


class Kind(IntEnum):
    """What is special about a reading, and so what has to become of it."""

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
        """Its name for people."""
        return self.name.lower().replace("_", "-")


FAULTY = frozenset({Kind.MALFORMED, Kind.OVERSIZED})
"""The kinds that must be rejected, each with a reason."""
_ORIGINAL = frozenset({Kind.NORMAL, Kind.LATE, Kind.OUT_OF_ORDER, Kind.UNTIMED})


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading as its device means it.

    `timestamp` is None where the device leaves it to the pipeline; `iso` says how it is written.
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
    """All readings of a run; a number names each, from 0."""

    options: Options
    run: str
    kinds: bytes

    @property
    def devices(self) -> list[str]:
        """The names of the devices that send something."""
        return [self.device(number) for number in range(min(self.options.devices, self.options.count))]

    def kind(self, number: int) -> Kind:
        """What kind of reading it is."""
        return Kind(self.kinds[number])

    def device(self, number: int) -> str:
        """Which device sends it."""
        return f"{self.prefix}{number % self.options.devices:05d}"

    @property
    def prefix(self) -> str:
        """How the names of the devices begin."""
        return f"sim-{self.run}-"

    def due(self, number: int) -> float:
        """When it is sent, in seconds from the start of the run."""
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
        """The reading of a number; of a malformed one, what it was before it was spoilt."""
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
        """What the device sends: JSON, unless it is malformed. The same number gives the same bytes."""
        reading = self.reading(number)
        document: dict[str, object] = {"device_id": reading.device}
        if reading.timestamp is not None:
            document["timestamp"] = _written(reading.timestamp, reading.iso)
        if reading.event:
            document["event_id"] = reading.event
        document["sensor_data"] = reading.sensors
        if reading.kind is Kind.MALFORMED:
            return faults.malformed(document, self._fault(number))
        if reading.kind is Kind.OVERSIZED:
            return faults.oversized(document, self._fault(number))
        return _dumped(document)

    def is_alone(self, number: int) -> bool:
        """Whether it makes a whole body unreadable or too large, and so goes in one of its own."""
        if self.kinds[number] == Kind.MALFORMED:
            return faults.is_no_json(self._fault(number))
        return self.kinds[number] == Kind.OVERSIZED and faults.is_huge(self._fault(number))

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
        return Random(f"{self.run}/{number}")  # noqa: S311 (nothing secret: it must be repeatable)

    def _fault(self, number: int) -> Random:
        return Random(f"{self.run}/fault/{number}")  # noqa: S311


def plan(options: Options) -> Fleet:
    """Plan a run: how many readings of each kind the shares ask for, in an order that the seed decides."""
    run, kinds = options.run, bytearray()
    asked = 0.0
    for field in fields(Shares):
        asked += getattr(options.shares, field.name)
        kinds.extend([Kind[field.name.upper()]] * (round(asked * options.count) - len(kinds)))
    kinds.extend(bytes(options.count - len(kinds)))
    Random(f"{run}/kinds").shuffle(kinds)  # noqa: S311
    if Kind.DUPLICATE in kinds and not _ORIGINAL.intersection(kinds):
        kinds[kinds.index(Kind.DUPLICATE)] = Kind.NORMAL  # there has to be something to repeat
    return Fleet(options, run, bytes(kinds))


def _written(timestamp: int, as_text: bool) -> int | str:
    if not as_text:
        return timestamp
    return (_EPOCH + timedelta(milliseconds=timestamp)).isoformat(timespec="milliseconds")


def _dumped(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
