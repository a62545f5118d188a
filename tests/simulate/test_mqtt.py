"""Each reading is a message on the topic of its device, and what is refused or dead is known again."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from iotgen.errors import RemoteError
from iotgen.simulate.ledger import Answer, Reply
from iotgen.simulate.mqtt import mqtt
from iotgen.simulate.options import Shares
from iotgen.simulate.packets import packets
from iotgen.simulate.stores import dead_readings

if TYPE_CHECKING:
    from collections.abc import Callable

    from iotgen.simulate.fleet import Fleet

TOPIC = "dt/dev/{device}/telemetry"


class Broker:
    """IoT Data, which takes messages or raises."""

    def __init__(self, error: Exception | None = None, *, after: int = 0) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self._error, self._after = error, after

    def publish(self, topic: str, qos: int, payload: bytes) -> None:
        assert qos == 1
        if self._error and len(self.taken) >= self._after:
            raise self._error
        self.taken.append((topic, payload))


def refusal(status: int, code: str) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}, "Publish")


def delivered(fleet: Fleet, broker: Broker) -> Reply:
    destination, first = mqtt(lambda _: broker, TOPIC, fleet), next(packets(fleet))
    return destination.deliver(first, destination.body(fleet, first))


def test_a_reading_is_published_on_the_topic_of_its_device(fleet_of: Callable[..., Fleet]) -> None:
    fleet, broker = fleet_of(10), Broker()
    assert delivered(fleet, broker) == Reply("200", accepted=Answer.PUT)
    assert [topic for topic, _ in broker.taken] == [f"dt/dev/{fleet.device(n)}/telemetry" for n in range(10)]
    document = json.loads(broker.taken[3][1])
    assert "device_id" not in document
    assert document["sensor_data"]["sequence"] == 3


def test_a_reading_that_is_sent_again_goes_to_the_same_topic(fleet_of: Callable[..., Fleet]) -> None:
    fleet, broker = fleet_of(10, Shares(duplicate=0.5)), Broker()
    delivered(fleet, broker)
    assert len(set(broker.taken)) == 5


@pytest.mark.parametrize(
    "error",
    [
        refusal(429, "ThrottlingException"),
        refusal(503, "InternalFailureException"),
        EndpointConnectionError(endpoint_url="x"),
    ],
)
def test_what_was_not_taken_is_sent_again_with_all_of_its_packet(
    error: Exception, fleet_of: Callable[..., Fleet]
) -> None:
    assert delivered(fleet_of(10), Broker(error, after=4)).again


def test_a_message_that_is_too_large_is_rejected(fleet_of: Callable[..., Fleet]) -> None:
    reply = delivered(fleet_of(1, batch=1), Broker(refusal(413, "RequestEntityTooLargeException")))
    assert (reply.status, reply.rejected) == ("413", {0: "no"})


def test_a_caller_who_may_not_publish_ends_the_run(fleet_of: Callable[..., Fleet]) -> None:
    with pytest.raises(RemoteError) as raised:
        delivered(fleet_of(1), Broker(refusal(403, "ForbiddenException")))
    assert raised.value.hint == "Grant the caller iot:Publish."


def test_malformed_messages_are_known_again_among_dead_letters(fleet_of: Callable[..., Fleet]) -> None:
    fleet, broker = fleet_of(10, Shares(malformed=1)), Broker()
    delivered(fleet, broker)
    for number, (topic, payload) in enumerate(broker.taken):
        selected = {**json.loads(payload), "device_id": topic.split("/")[2]}
        assert list(dead_readings(json.dumps(selected), fleet)) == [number]


def test_what_a_rule_could_not_hand_on_is_known_again(fleet_of: Callable[..., Fleet]) -> None:
    fleet, broker = fleet_of(10), Broker()
    delivered(fleet, broker)
    topic, payload = broker.taken[7]
    letter = {
        "ruleName": "telemetry_dev",
        "topic": topic,
        "base64OriginalPayload": base64.b64encode(payload).decode(),
        "failures": [{"failedAction": "SqsAction", "errorMessage": "throttled"}],
    }
    assert list(dead_readings(json.dumps(letter), fleet)) == [7]
    assert list(dead_readings(json.dumps(letter | {"base64OriginalPayload": "!"}), fleet)) == []
