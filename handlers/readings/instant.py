"""Points in time: milliseconds since the epoch inside, ISO 8601 in UTC outside, prefixes in queries."""

import re
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z

_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d(:?\d\d)?)?", re.ASCII)
_MILLISECONDS = re.compile(r"0|[0-9]{9,15}")
# An instant is written twice as fast without a zone.
_NAIVE_EPOCH = EPOCH.replace(tzinfo=None)
_FIRST = "0000-01-01T00:00:00.000Z"
_LAST = "9999-12-31T23:59:59.999Z"


def microseconds(text: str) -> int:
    """Read an ISO 8601 instant (UTC where it names no offset); raise ValueError."""
    if not _ISO.fullmatch(text):
        raise ValueError("not an ISO 8601 instant")
    when = datetime.fromisoformat(text.upper().replace(",", "."))
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - EPOCH
    instant = since // timedelta(microseconds=1)
    if not 0 <= instant // 1000 <= LATEST:
        raise ValueError("not between the years 1970 and 9999")
    return instant


def iso(milliseconds: int) -> str:
    """Write an instant as `2024-01-15T10:00:00.000Z`."""
    when = _NAIVE_EPOCH + timedelta(milliseconds=milliseconds)
    return when.isoformat(timespec="milliseconds") + "Z"


def span(text: str) -> tuple[int, int]:
    """Give the first and last millisecond of a day, of any longer prefix of an instant, or of an instant.

    `2024-01-15T1` spans ten hours; digits alone are milliseconds since the epoch, but for those that look
    like a year or a day. Raise ValueError.
    """
    if _MILLISECONDS.fullmatch(text) and int(text) <= LATEST:
        return int(text), int(text)
    if not len("2024-01-15") <= len(text) <= len("2024-01-15T10:00:00.000000000+00:00"):
        raise ValueError("neither a day nor an instant")
    try:
        return _complete(text, _FIRST), _complete(text, _latest_for(text))
    except ValueError:
        instant = microseconds(text) // 1000
        return instant, instant


def _latest_for(prefix: str) -> str:
    # The hour is the one part whose second digit depends on its first.
    if len(prefix) == len("2024-01-15T1") and prefix[-1] in "01":
        return "9999-12-31T19:59:59.999Z"
    return _LAST


def _complete(prefix: str, pattern: str) -> int:
    return microseconds(prefix + pattern[len(prefix) :]) // 1000
