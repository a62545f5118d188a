"""The readings that are sent, by the thousand, and the requests that they travel in."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

Reading = dict[str, Any]

ABOUT = """\
a device, a time, an id and three sensors, 152 bytes of JSON; 1 in 50 names no time, which costs a write to
  note its arrival; 1 in 333 is above its threshold: up to three writes, a notification and a mail"""

_FIRST = 1_700_000_000_000  # milliseconds since the epoch
_DEVICES = 100
_SENSORS = 100  # the most that a reading may have
_UNTIMED = 50
_HOT = 333


def ordinary(number: int, start: int = 0) -> list[Reading]:
    """Give readings with the device's own time and id, and three sensors.

    Those of another `start` are other readings: a benchmark that repeats itself would measure caches.
    """
    return [_reading(n) for n in range(start, start + number)]


def mixed(number: int) -> list[Reading]:
    """Give readings as they come: 1 in 50 names no time, 1 in 333 is above its threshold of 80.

    Those above are of different devices, so that each notifies.
    """
    readings = ordinary(number)
    for reading in readings[_UNTIMED - 1 :: _UNTIMED]:
        del reading["timestamp"]
    for reading in readings[_DEVICES::_HOT]:
        reading["sensor_data"]["temperature"] = 90.5
    return readings


def large(number: int, size: int = 1024) -> list[Reading]:
    """Give readings of as many sensors as fit into `size` bytes of JSON."""
    readings = ordinary(number)
    for reading in readings:
        _fill(reading, size)
    return readings


def of_one_device(number: int) -> list[Reading]:
    """Give the readings of one device, for queries."""
    return [{**reading, "device_id": "device-000"} for reading in ordinary(number)]


def batches(readings: Sequence[Reading], size: int) -> Iterator[str]:
    """Give the bodies of requests, or the objects, with `size` readings in each."""
    for at in range(0, len(readings), size):
        part = readings[at : at + size]
        yield json.dumps(part[0] if size == 1 else {"readings": part})


def _reading(n: int) -> Reading:
    return {
        "device_id": f"device-{n % _DEVICES:03d}",
        "timestamp": _FIRST + n % 50 * 1000,
        "event_id": f"e-{n:07d}",
        "sensor_data": {
            "temperature": (200 + n % 97) / 10,
            "humidity": 40 + n % 30,
            "pressure": 1000 + n % 17,
        },
    }


def _fill(reading: Reading, size: int) -> None:
    sensors = reading["sensor_data"]
    for n in count(len(sensors)):
        sensors[f"sensor-{n:03d}"] = 25.5
        if len(json.dumps(reading)) > size or len(sensors) > _SENSORS:
            del sensors[f"sensor-{n:03d}"]
            return
