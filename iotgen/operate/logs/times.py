"""Times as people write and read them: `10m` ago, or an instant."""

import re
from datetime import UTC, datetime, timedelta

from iotgen.errors import UsageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AGO = re.compile(r"(\d{1,9})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800}
_FORMS = "Write how long ago (`30s`, `10m`, `2h`, `3d`), or a time in UTC (`2026-01-15T10:00`)."


def moment(text: str, option: str, now: int) -> int:
    """The milliseconds since 1970 that `text` means: so long before `now`, or an instant.

    A time without an offset is in UTC. Raises UsageError for any other text.
    """
    ago = _AGO.fullmatch(text)
    then = now - int(ago[1]) * _SECONDS[ago[2]] * 1000 if ago else _instant(text, option)
    if then < 0:
        raise UsageError(f"`{option} {text}` is before 1970", _FORMS)
    return then


def _instant(text: str, option: str) -> int:
    try:
        instant = datetime.fromisoformat(text)
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return (zoned - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"`{option} {text}` is no time", _FORMS) from error


def rfc_3339(milliseconds: int) -> str:
    """The time in UTC, to the millisecond: `2026-01-15T10:00:00.000Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
    except (ValueError, OverflowError, OSError):  # beyond the year 9999
        return str(milliseconds)
