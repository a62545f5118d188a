"""The API as a destination, with packets as signed requests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import local
from typing import Any

import requests

from iotgen.client import Credentials, Response, call, refusal
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Reply
from iotgen.simulate.packets import Packet
from iotgen.simulate.send import RefusedError

# Statuses that reject the whole body, and so each reading in it.
_BODY_REFUSED = (400, 413, 415, 422)
_LONGEST_AFTER = 120.0


@dataclass(frozen=True)
class Api:
    """A path of the API; `post` makes one signed request and raises RemoteError if there is no response."""

    endpoint: str
    path: str
    post: Callable[[bytes], Response]
    name: str = field(default="api", init=False)

    def body(self, fleet: Fleet, packet: Packet) -> bytes:
        """One reading by itself, several as a batch."""
        texts = [fleet.text(number) for number in packet.numbers]
        if fleet.options.batch == 1 or fleet.is_alone(packet.first):
            return texts[0]
        return b'{"readings":[' + b",".join(texts) + b"]}"

    def deliver(self, packet: Packet, body: bytes) -> Reply:
        """Post it. Raises RefusedError for a status that does not depend on the readings."""
        response = self.post(body)
        status = str(response.status)
        if response.status in (408, 429) or response.status >= 500:
            return Reply(status, again=True, after=_retry_after(response.headers))
        if response.status in _BODY_REFUSED:
            return Reply(status, rejected=dict.fromkeys(range(len(packet)), _reason(response.body)))
        if response.status != 200:
            error = refusal(response, self.endpoint, self.path)
            raise RefusedError(error.message, error.hint)
        return _accepted(response.body, packet)


def api(endpoint: str, path: str, region: str, credentials: Credentials) -> Api:
    """The path of the API at an endpoint; each thread keeps a connection open."""
    connections = local()

    def post(body: bytes) -> Response:
        if not hasattr(connections, "session"):
            connections.session = requests.Session()
        return call("POST", endpoint, path, credentials, region, body=body, session=connections.session)

    return Api(endpoint, path, post)


def _accepted(body: object, packet: Packet) -> Reply:
    """The reply for a 200, with its counts compared with the packet's."""
    if not isinstance(body, dict):
        return Reply("200", contradiction=f"answered 200 with {json.dumps(body)[:80]}")
    if "accepted" not in body:
        one = len(packet) == 1 and "event_id" in body
        return Reply("200", contradiction="" if one else f"answered 200 with {json.dumps(body)[:80]}")
    listed = [item for item in body.get("rejected") or () if isinstance(item, dict)]
    places: dict[int, str] = {}
    for item in listed:
        if item.get("index") in range(len(packet)):
            places[item["index"]] = str(item.get("error") or "")
    contradiction = ""
    if body["accepted"] + len(listed) != len(packet) or len(places) != len(listed):
        contradiction = f"{body['accepted']} accepted and {len(listed)} rejected of {len(packet)}"
    return Reply("200", rejected=places, contradiction=contradiction)


def _reason(body: Any) -> str:
    """The message of a rejection, by the handler or API Gateway; empty if there is none."""
    if not isinstance(body, dict):
        return ""
    error = body.get("error", body)
    return str(error.get("message") or "") if isinstance(error, dict) else str(error or "")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:  # absent, or a date, which is not used
        return None
    return min(seconds, _LONGEST_AFTER) if seconds >= 0 else None
