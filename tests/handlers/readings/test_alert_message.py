"""What SNS takes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""

import json
from typing import Any

import pytest
from readings import alert_message, exact_json
from readings.thresholds import Crossing

WILD = ("\U0001f525" * 128, "\x00" * 128, "\u202e" * 128, '"' * 128, "\ud83d" * 128)
LISTS = {"table": "t" * 255, "device_id": "alerts#storm", "from": "2023-11-14T22:13"}


def crossing(text: str, number: int = 0, **changes: Any) -> Crossing:
    longest = exact_json.loads("9." + "9" * 37 + "e100")
    made = {"sensor": "s" * 64, "bound": "max", "value": longest, "limit": -longest, **changes}
    return Crossing(text, "9" * 15 + "#" + text, 1_700_000_000_000 + number, text, **made)


@pytest.mark.parametrize("text", WILD)
@pytest.mark.parametrize("number", [1, 2, 25, 3000])
def test_any_text_makes_what_sns_takes(text: str, number: int) -> None:
    found = [crossing(text[: -len(str(n))] + str(n), n) for n in range(number)]
    notification = alert_message.of(found, LISTS)
    assert len(notification.subject) <= 100
    assert notification.subject.isascii()
    assert notification.subject.isprintable()
    assert len(notification.message.encode()) < 256 * 1024
    message = json.loads(notification.message)
    assert message["listed"] == LISTS
    assert message.get("devices", 1) == number


def test_the_worst_are_those_furthest_beyond_their_limits() -> None:
    found = [
        crossing("a", value=85, limit=80),
        crossing("b", value=-60, limit=-40, bound="min"),
        crossing("c", value=90, limit=80),
    ]
    assert [one["device_id"] for one in json.loads(alert_message.of(found, {}).message)["worst"]] == [
        "b",
        "c",
        "a",
    ]
