"""Whether a device's clock can be believed, measured against the time of arrival."""

from dataclasses import replace

from readings.config import ClockBounds
from readings.reading import Reading, ReadingError


def judge(reading: Reading, bounds: ClockBounds) -> Reading:
    """Pass a reading, flag it, or raise ReadingError, as configured."""
    reason = _skew(reading, bounds)
    if reason is None:
        return reading
    if bounds.refuse:
        raise ReadingError(reason, "timestamp")
    return replace(reading, clock_skew=True)


def flag(reading: Reading, bounds: ClockBounds) -> Reading:
    """Flag a reading that was accepted before: it can no longer be refused."""
    return replace(reading, clock_skew=True) if _skew(reading, bounds) else reading


def _skew(reading: Reading, bounds: ClockBounds) -> str | None:
    ahead = (reading.timestamp - reading.received_at) / 1000
    if bounds.max_future_seconds is not None and ahead > bounds.max_future_seconds:
        return f"timestamp is more than {bounds.max_future_seconds} s in the future"
    if bounds.max_past_seconds is not None and -ahead > bounds.max_past_seconds:
        return f"timestamp is more than {bounds.max_past_seconds} s in the past"
    return None
