"""Which values of a reading lie outside of their bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from readings.config import Threshold
from readings.reading import Reading

Number = int | Decimal
Subject = tuple[str, str, str]  # device, sensor, bound


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value beyond a bound; `bound` is `max` or `min`.

    Of its reading it keeps no more than an alert needs, since many wait until all readings are stored.
    """

    device_id: str
    sort_key: str
    timestamp: int
    event_id: str
    sensor: str
    bound: str
    value: Number
    limit: Number

    @property
    def reading(self) -> tuple[str, str]:
        """The `key` of its reading."""
        return self.device_id, self.sort_key

    @property
    def subject(self) -> Subject:
        """What cools down: a bound of a device's sensor."""
        return self.device_id, self.sensor, self.bound

    @property
    def excess(self) -> Decimal:
        """How far beyond its bound the value is."""
        return abs(Decimal(self.value) - Decimal(self.limit))


def crossings(reading: Reading, thresholds: Mapping[str, Threshold]) -> Iterator[Crossing]:
    """Give each crossing of a reading; a value that is no number crosses nothing."""
    for sensor, threshold in thresholds.items():
        value = reading.sensor_data.get(sensor)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            continue
        if threshold.max is not None and value > threshold.max:
            yield _crossing(reading, sensor, "max", value, threshold.max)
        if threshold.min is not None and value < threshold.min:
            yield _crossing(reading, sensor, "min", value, threshold.min)


def _crossing(reading: Reading, sensor: str, bound: str, value: Number, limit: Number) -> Crossing:
    device_id, sort_key = reading.key
    return Crossing(device_id, sort_key, reading.timestamp, reading.event_id, sensor, bound, value, limit)
