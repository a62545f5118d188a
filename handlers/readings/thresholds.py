"""Which values of a reading lie outside of their bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from readings.config import Threshold
from readings.reading import Reading

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value beyond a bound; `bound` is `max` or `min`."""

    reading: Reading
    sensor: str
    bound: str
    value: Number
    limit: Number


def crossings(reading: Reading, thresholds: Mapping[str, Threshold]) -> Iterator[Crossing]:
    """Give each crossing of a reading; a value that is no number crosses nothing."""
    for sensor, threshold in thresholds.items():
        value = reading.sensor_data.get(sensor)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            continue
        if threshold.max is not None and value > threshold.max:
            yield Crossing(reading, sensor, "max", value, threshold.max)
        if threshold.min is not None and value < threshold.min:
            yield Crossing(reading, sensor, "min", value, threshold.min)
