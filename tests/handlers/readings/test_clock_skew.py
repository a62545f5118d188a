from dataclasses import replace

import pytest
from readings import clock_skew
from readings.config import ClockBounds
from readings.reading import ReadingError, read

READING = read({"device_id": "d", "timestamp": 1_000_000, "sensor_data": {"t": 1}}, 1_000_000, 1000)
BOUNDS = ClockBounds(max_future_seconds=300, max_past_seconds=600, refuse=True)
AHEAD = replace(READING, timestamp=1_300_001)
BEHIND = replace(READING, timestamp=399_999)


@pytest.mark.parametrize("timestamp", [400_000, 1_000_000, 1_300_000])
def test_believes_a_clock_within_the_bounds(timestamp: int) -> None:
    reading = replace(READING, timestamp=timestamp)
    assert clock_skew.judge(reading, BOUNDS) == reading


def test_refuses_beyond_them() -> None:
    with pytest.raises(ReadingError, match="timestamp is more than 300 s in the future"):
        clock_skew.judge(AHEAD, BOUNDS)
    with pytest.raises(ReadingError, match="timestamp is more than 600 s in the past"):
        clock_skew.judge(BEHIND, BOUNDS)


@pytest.mark.parametrize("reading", [AHEAD, BEHIND])
def test_or_flags(reading: object) -> None:
    assert isinstance(reading, type(READING))
    assert clock_skew.judge(reading, replace(BOUNDS, refuse=False)).clock_skew
    assert clock_skew.flag(reading, BOUNDS).clock_skew
    assert not clock_skew.flag(READING, BOUNDS).clock_skew


def test_no_bound_is_any_distance() -> None:
    bounds = ClockBounds(None, None, refuse=True)
    assert clock_skew.judge(AHEAD, bounds) == AHEAD
    assert clock_skew.judge(BEHIND, bounds) == BEHIND
