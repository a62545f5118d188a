from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from iotgen.client import Response
from iotgen.errors import RemoteError
from iotgen.simulate.api import Api
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Answer, Reply
from iotgen.simulate.options import Shares
from iotgen.simulate.packets import Packet, packets

ONE, TEN = Packet(0, 1, 0, repeated=False), Packet(0, 10, 0, repeated=False)


def _reply(status: int, body: Any, packet: Packet = TEN, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Api("https://api.test/v1", "/in", lambda _: Response(status, body, "", named)).deliver(packet, b"")


def test_readings_go_as_a_batch_or_as_one(fleet_of: Callable[..., Fleet]) -> None:
    api = Api("", "/in", lambda _: Response(200, {}, ""))
    fleet = fleet_of(10)
    assert json.loads(api.body(fleet, TEN)) == {"readings": [json.loads(fleet.text(n)) for n in range(10)]}
    single = fleet_of(10, batch=1)
    assert api.body(single, ONE) == single.text(0)


def test_what_spoils_a_body_goes_as_it_is(fleet_of: Callable[..., Fleet]) -> None:
    api = Api("", "/in", lambda _: Response(200, {}, ""))
    fleet = fleet_of(100, Shares(malformed=1))
    alone = [packet for packet in packets(fleet) if fleet.is_alone(packet.first)]
    assert alone
    assert all(api.body(fleet, packet) == fleet.text(packet.first) for packet in alone)


def test_a_batch_names_what_it_rejects() -> None:
    reply = _reply(200, {"accepted": 8, "rejected": [{"index": 2, "error": "a"}, {"index": 9, "error": ""}]})
    assert reply == Reply("200", Answer.ACCEPTED, {2: "a", 9: ""})


def test_one_reading_is_accepted() -> None:
    body = {"message": "reading accepted", "device_id": "d", "timestamp": 1, "event_id": "e"}
    assert _reply(200, body, ONE) == Reply("200")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"accepted": 9, "rejected": []}, "9 accepted and 0 rejected of 10"),
        ({"accepted": 9, "rejected": [{"index": 10, "error": "a"}]}, "9 accepted and 1 rejected of 10"),
        (
            {"accepted": 8, "rejected": [{"index": 1, "error": "a"}, {"index": 1, "error": "b"}]},
            "8 accepted and 2 rejected of 10",
        ),
        ({"event_id": "e"}, "answered 200 with"),
        (None, "answered 200 with null"),
    ],
)
def test_an_answer_that_cannot_be_is_a_contradiction(body: Any, told: str) -> None:
    assert told in _reply(200, body).contradiction


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"error": {"code": "invalid_json", "message": "not JSON", "details": []}}, "not JSON"),
        (400, {"message": "Invalid request body"}, "Invalid request body"),
        (413, {"error": {"message": "too large"}}, "too large"),
        (413, None, ""),
    ],
)
def test_a_refused_body_rejects_each_of_its_readings(status: int, body: Any, reason: str) -> None:
    assert _reply(status, body).rejected == dict.fromkeys(range(10), reason)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert _reply(status, None) == Reply(str(status), again=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("9999", 120.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
        ("nan", None),
    ],
)
def test_the_api_says_how_long_to_wait(value: str, seconds: float | None) -> None:
    assert _reply(429, None, retry_after=value).after == seconds


@pytest.mark.parametrize("status", [301, 401, 403, 404, 405])
def test_an_answer_that_no_reading_could_change_ends_it(status: int) -> None:
    with pytest.raises(RemoteError):
        _reply(status, {"message": "Forbidden"})


def test_a_refusal_names_the_endpoint() -> None:
    with pytest.raises(RemoteError, match=r"https://api\.test/v1/in rejected the request"):
        _reply(403, {"message": "Missing Authentication Token"})
