"""The text of a notification: one crossing as it is, several as a digest, and where the rest is listed.

Device ids and values are anybody's text. A subject is ASCII of at most 100 characters, and a message at most
256 KB: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readings import exact_json, instant
from readings.thresholds import Crossing

# Each takes some 4 KB at most: 128 characters of 12 bytes for a device and for an event, and numbers.
MOST_NAMED = 25


@dataclass(frozen=True, slots=True)
class Notification:
    """A subject and a message."""

    subject: str
    message: str


def of(crossings: Sequence[Crossing], lists: Mapping[str, str]) -> Notification:
    """Make the notification of one crossing or of several; `lists` is where more are listed, if anywhere."""
    subject, message = _one(crossings[0]) if len(crossings) == 1 else _several(crossings)
    return Notification(subject, exact_json.dumps(message | ({"listed": lists} if lists else {})))


def _one(crossing: Crossing) -> tuple[str, dict[str, Any]]:
    bound = "above" if crossing.bound == "max" else "below"
    return f"{crossing.sensor} {bound} its limit", _described(crossing)


def _several(crossings: Sequence[Crossing]) -> tuple[str, dict[str, Any]]:
    devices = len({crossing.device_id for crossing in crossings})
    worst = heapq.nlargest(MOST_NAMED, crossings, key=lambda crossing: crossing.excess)
    return f"{devices} devices beyond their limits", {
        "devices": devices,
        "crossings": len(crossings),
        "since": instant.iso(min(crossing.timestamp for crossing in crossings)),
        "worst": [_described(crossing) for crossing in worst],
    }


def _described(crossing: Crossing) -> dict[str, Any]:
    return {
        "device_id": crossing.device_id,
        "sensor": crossing.sensor,
        "value": crossing.value,
        "bound": crossing.bound,
        "limit": crossing.limit,
        "time": instant.iso(crossing.timestamp),
        "event_id": crossing.event_id,
    }
