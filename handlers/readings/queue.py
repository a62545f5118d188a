"""Readings to messages and into queues, many readings to a message and many messages to a call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from readings import aws_errors, exact_json
from readings.backoff import Backoff
from readings.reading import Reading, to_message

# SQS takes more since 2025, but emulators and queues with a lower maximum do not.
MESSAGE_BYTES = 256 * 1024
_CALL_BYTES = 256 * 1024
_CALL_ENTRIES = 10
_LONGEST_REASON = 1000
_ENVELOPE = '{"readings":[%s]}'


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be sent; its attributes are texts."""

    body: str
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Count the bytes that SQS counts."""
        extra = sum(len(name) + len("String") + len(text.encode()) for name, text in self.attributes.items())
        return len(self.body.encode()) + extra


class Unreadable(str):
    """The body of a message whose readings cannot be separated."""

    __slots__ = ()


class SendError(Exception):
    """SQS refused a message for a fault of ours."""


def pack(readings: Iterable[Reading]) -> list[Message]:
    """Put readings into as few messages as hold them."""
    packed: list[list[str]] = [[]]
    size = len(_ENVELOPE)
    for text in (exact_json.dumps(to_message(reading)) for reading in readings):
        if packed[-1] and size + len(text) + 1 > MESSAGE_BYTES:
            packed.append([])
            size = len(_ENVELOPE)
        packed[-1].append(text)
        size += len(text) + 1
    return [Message(_ENVELOPE % ",".join(texts)) for texts in packed if texts]


def rejection(document: Any, reason: str, source: str) -> Message:
    """Make the message that takes one bad reading to the dead-letter queue; `source` is its message's id.

    An `Unreadable` document goes there as it is.
    """
    body = str(document) if isinstance(document, Unreadable) else exact_json.dumps(document)
    text = "".join(char if char.isprintable() else " " for char in reason)[:_LONGEST_REASON]
    return Message(body, {"reason": text or "unknown", "source_message_id": source})


def send(client: Any, url: str, messages: Sequence[Message], backoff: Backoff) -> None:
    """Send messages until each is taken; raise BusyError when the time is up, SendError for a refusal."""
    waiting = list(messages)
    for _ in backoff.attempts():
        again: list[Message] = []
        for call in _calls(waiting):
            again += call if backoff.time_left() <= 0 else _send_call(client, url, call)
        waiting = again
        if not waiting:
            return
    raise aws_errors.BusyError(f"the queue did not take {len(waiting)} messages in time")


def _send_call(client: Any, url: str, call: list[Message]) -> list[Message]:
    try:
        answer = client.send_message_batch(
            QueueUrl=url, Entries=[_entry(number, message) for number, message in enumerate(call)]
        )
    except (BotoCoreError, ClientError) as error:
        if aws_errors.is_transient(error):
            return call
        raise
    failures = answer.get("Failed", [])
    for failure in failures:
        if (
            failure.get("SenderFault")
            and failure.get("Code", "").rpartition(".")[2] not in aws_errors.THROTTLES
        ):
            raise SendError(f"{failure.get('Code')}: {failure.get('Message', '')}")
    return [call[int(failure["Id"])] for failure in failures]


def _entry(number: int, message: Message) -> dict[str, Any]:
    attributes = {
        name: {"DataType": "String", "StringValue": text} for name, text in message.attributes.items()
    }
    return {
        "Id": str(number),
        "MessageBody": message.body,
        **({"MessageAttributes": attributes} if attributes else {}),
    }


def _calls(messages: Sequence[Message]) -> Iterator[list[Message]]:
    call: list[Message] = []
    size = 0
    for message in messages:
        if call and (len(call) == _CALL_ENTRIES or size + message.size > _CALL_BYTES):
            yield call
            call, size = [], 0
        call.append(message)
        size += message.size
    if call:
        yield call
