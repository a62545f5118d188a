"""AWS IoT as a destination: each reading is a message on the topic of its device.

Messages are published over HTTPS with quality of service 1, on AWS as locally. A connection of MQTT is held
to 100 messages a second and an account to 500 new connections, while HTTPS is held to the account's 20,000
messages only; and a caller with AWS's credentials is no device, whose policy a connection could try.
https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from iotgen.simulate import faults
from iotgen.simulate.clients import Clients
from iotgen.simulate.fleet import Fleet, Kind
from iotgen.simulate.ledger import Answer, Reply
from iotgen.simulate.packets import Packet
from iotgen.simulate.send import RefusedError

DEVICE = "{device}"
# What AWS answers to a message that is too large, or that it takes for none.
_REFUSED = (400, 413)


@dataclass(frozen=True)
class Mqtt:
    """A topic for each device, by a reading's number; `publish` publishes one message."""

    topic: str
    device: Callable[[int], str]
    publish: Callable[[str, bytes], Reply]
    name: str = field(default="broker", init=False)

    def body(self, fleet: Fleet, packet: Packet) -> bytes:
        """The messages of a packet, one a line."""
        return b"\n".join(_message(fleet, number) for number in packet.numbers)

    def deliver(self, packet: Packet, body: bytes) -> Reply:
        """Publish each; all of them again if one was not taken, which makes no second event."""
        reply = Reply("200", accepted=Answer.PUT)
        rejected: dict[int, str] = {}
        for place, (number, message) in enumerate(zip(packet.numbers, body.split(b"\n"), strict=True)):
            reply = self.publish(self.topic.replace(DEVICE, self.device(number)), message)
            if reply.again:
                return reply
            if reply.rejected:
                rejected[place] = reply.rejected[0]
        return Reply(reply.status, accepted=Answer.PUT, rejected=rejected)


def mqtt(clients: Clients, topic: str, fleet: Fleet) -> Mqtt:
    """The topics of a deployment, as a destination."""
    from botocore.exceptions import BotoCoreError, ClientError

    data = clients("iot-data")

    def publish(topic: str, message: bytes) -> Reply:
        try:
            data.publish(topic=topic, qos=1, payload=message)
        except ClientError as error:
            return _failed(topic, error)
        except BotoCoreError:  # no response, after several attempts by boto3
            return Reply("no answer", again=True)
        return Reply("200", accepted=Answer.PUT)

    return Mqtt(topic, lambda number: fleet.device(fleet.original(number)), publish)


def _failed(topic: str, error: Any) -> Reply:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if status in (408, 429) or status >= 500:
        return Reply(str(status), again=True)
    if status in _REFUSED:
        about = error.response.get("Error", {})
        return Reply(str(status), rejected={0: str(about.get("Message") or about.get("Code") or status)})
    raise RefusedError(f"cannot publish on {topic}: {error}", "Grant the caller iot:Publish.") from error


def _message(fleet: Fleet, number: int) -> bytes:
    """A reading without its device, which the topic names; a malformed one can be told from others still."""
    if fleet.kind(number) is Kind.MALFORMED:
        return faults.traceable(_bare(fleet.document(number)), fleet.fault(number))
    document = json.loads(fleet.text(number))
    return json.dumps(_bare(document), separators=(",", ":")).encode()


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "device_id"}


def dead_documents(letter: dict[str, Any], prefix: str) -> Iterator[dict[str, Any]]:
    """The reading in what a rule's error action has of a message, with its device.

    https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
    """
    from base64 import b64decode

    try:
        document = json.loads(b64decode(str(letter["base64OriginalPayload"])))
    except (KeyError, ValueError):
        return
    levels = str(letter.get("topic", "")).split("/")
    device = next((level for level in levels if level.startswith(prefix)), None)
    if isinstance(document, dict) and device:
        yield {**document, "device_id": device}
