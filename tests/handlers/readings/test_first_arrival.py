from dataclasses import replace
from typing import Any

import pytest
from readings import config, first_arrival
from readings.aws_errors import BusyError
from readings.reading import Reading, read

CONFIG = config.parse('{"limits": {"retry_window_seconds": 100}, "retention_days": 7}')


def untimed(arrival: int, **more: Any) -> Reading:
    return read({"device_id": "d", "sensor_data": {"t": 1}, **more}, arrival, 1000)


def settle(world: Any, *readings: Reading, seconds: float = 10) -> list[int]:
    table = world.services.table("RAW_SENSOR_DATA", "timestamp")
    return [r.timestamp for r in first_arrival.settle(readings, table, CONFIG, lambda: seconds)]


def test_a_reading_with_a_time_keeps_it_and_costs_nothing(world: Any) -> None:
    reading = replace(untimed(5), timed=True, timestamp=3)
    assert settle(world, reading) == [3]
    assert world.all_rows("RAW_SENSOR_DATA") == []


@pytest.mark.parametrize(
    ("event_id", "later", "expected"),
    [
        ({}, 99_999, 1_000_000),
        ({}, 100_000, 1_100_000),
        ({"event_id": "e"}, 99_999, 1_000_000),
        ({"event_id": "e"}, 10**11, 1_000_000),
    ],
)
def test_a_retry_has_the_time_of_the_first_arrival(
    world: Any, event_id: dict[str, str], later: int, expected: int
) -> None:
    assert settle(world, untimed(1_000_000, **event_id)) == [1_000_000]
    assert settle(world, untimed(1_000_000 + later, **event_id)) == [expected]


@pytest.mark.parametrize(("event_id", "seconds"), [({}, 100), ({"event_id": "e"}, 7 * 86_400)])
def test_what_it_notes_expires(world: Any, event_id: dict[str, str], seconds: int) -> None:
    settle(world, untimed(1_000_000, **event_id))
    [note] = world.all_rows("RAW_SENSOR_DATA")
    assert note["expires_at"] == 1_000 + seconds


def test_different_readings_have_their_own(world: Any) -> None:
    first, second = untimed(1_000, sensor_data={"t": 1}), untimed(2_000, sensor_data={"t": 2})
    assert settle(world, first, second, first) == [1_000, 2_000, 1_000]


def test_is_busy_when_the_time_is_up(world: Any) -> None:
    with pytest.raises(BusyError):
        settle(world, untimed(1_000), seconds=0)
