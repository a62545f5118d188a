"""The parameters of /query: checked, and made into one range of one device's sort keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from readings import instant
from readings.http import RequestError

MOST_ITEMS = 1000

_PARAMETERS = frozenset({"device_id", "event_date", "from", "to", "table", "limit", "next"})
# As in readings.json, and without halves of surrogate pairs, which no table holds.
_DEVICE_ID = re.compile(r"[^#\s\ud800-\udfff]{1,128}")
_LIMIT = re.compile(r"[1-9][0-9]{0,3}")
# An event id of 128 characters, or the beginning of one, and a digest.
_EVENT = re.compile(r"#[^\s\ud800-\udfff]{0,160}")
# '$' follows '#' in ASCII, so this ends after every key of its instant; nothing follows the last code point.
_AFTER_INSTANT = "$"
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Selection:
    """The items of a device with sort keys from `low` to `high`; nothing where `low` is beyond `high`."""

    device_id: str
    raw: bool
    low: str
    high: str
    limit: int
    token: str | None


def select(parameters: Mapping[str, str] | None, default_limit: int) -> Selection:
    """Read the query string's parameters; raise RequestError that names each faulty one."""
    given = {name: text or "" for name, text in (parameters or {}).items()}
    faults: list[dict[str, str]] = [
        {"field": name, "reason": f"unknown; known are {', '.join(sorted(_PARAMETERS))}"}
        for name in sorted(given.keys() - _PARAMETERS)
    ]

    def fault(field: str, reason: str) -> None:
        faults.append({"field": field, "reason": f"{field} {reason}"})

    if not _DEVICE_ID.fullmatch(given.get("device_id", "")):
        fault("device_id", "is required: 1 to 128 characters without white space or '#'")
    if given.get("table", "processed") not in ("processed", "raw"):
        fault("table", "must be raw or processed")
    limit = given.get("limit", str(default_limit))
    if not (_LIMIT.fullmatch(limit) and int(limit) <= MOST_ITEMS):
        fault("limit", f"must be a whole number from 1 to {MOST_ITEMS}")
    raw = given.get("table") == "raw"
    ranges = []
    for field in ("event_date", "from", "to"):
        try:
            ranges.append(_range(field, given.get(field), raw))
        except ValueError:
            fault(field, "must be a day such as 2024-01-15, a longer prefix, or an instant")
    if faults:
        raise RequestError(400, "invalid_parameters", "; ".join(f["reason"] for f in faults), faults)
    return Selection(
        device_id=given["device_id"],
        raw=raw,
        low=max(low for low, _ in ranges),
        high=min(high for _, high in ranges),
        limit=int(limit),
        token=given.get("next"),
    )


def _range(field: str, text: str | None, raw: bool) -> tuple[str, str]:
    first, last, event = 0, instant.LATEST, ""
    if text is not None:
        time, mark, event_id = text.partition("#")
        first, last = instant.span(_time(time.strip()))
        # A '+' that was not encoded arrives as a space.
        event = mark + event_id.replace(" ", "+")
    if event:
        if field != "event_date" or first != last or not _EVENT.fullmatch(event):
            raise ValueError("only an event date of a whole instant has an event id")
        return _key(first, raw) + event, _key(first, raw) + event + _AFTER_ALL
    if field == "from":
        last = instant.LATEST
    elif field == "to":
        first = 0
    return _key(first, raw), _key(last, raw) + _AFTER_INSTANT


def _time(text: str) -> str:
    """Tell the space that may stand between day and time from a '+' that was not encoded."""
    day, rest = text[: len("2024-01-15")], text[len("2024-01-15") :]
    return day + ("T" + rest[1:] if rest.startswith(" ") else rest).replace(" ", "+")


def _key(milliseconds: int, raw: bool) -> str:
    return f"{milliseconds:015d}" if raw else instant.iso(milliseconds)
