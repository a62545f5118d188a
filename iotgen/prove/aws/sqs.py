"""Queues as SQS keeps them: at least once, in no order, hidden while somebody works on a message.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.prove.aws.errors import refusal
from iotgen.prove.kernel import MILLISECOND, SECOND

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
_MOST_ENTRIES = 10
_LARGEST = 1024 * 1024


@dataclass(slots=True)
class Message:
    """A message; `visible_at` is when it may be received next, and `receipt` of whom it is in flight with.

    `about` is the text that a dead letter is about, where its body does not have it as it is. `again` is how
    often it comes back though it was deleted.
    """

    id: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: int
    visible_at: int
    receives: int = 0
    receipt: int = 0
    first_received_at: int = 0
    again: int = 0
    source: str = ""
    about: str = ""


@dataclass
class Queue:
    """A queue. `changed` is called when a message may have become visible."""

    name: str
    url: str
    arn: str
    visibility: int = 30 * SECOND
    max_receives: int | None = None
    dead_letters: "Queue | None" = None
    messages: dict[str, Message] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None

    def add(self, message: Message) -> None:
        """Take a message in."""
        self.messages[message.id] = message
        self.changed()

    def visible(self, now: int) -> list[Message]:
        """The messages that may be received, oldest first."""
        return [message for message in self.messages.values() if message.visible_at <= now]

    def receive(self, message: Message, now: int) -> bool:
        """Hide a message for whoever receives it; False if it has been received too often, and is moved away.

        A dead letter keeps its id and the time at which it was sent.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
        """
        message.receives += 1
        message.receipt += 1
        if self.dead_letters and self.max_receives and message.receives > self.max_receives:
            del self.messages[message.id]
            message.visible_at, message.source = now, message.source or self.name
            self.dead_letters.add(message)
            return False
        message.first_received_at = message.first_received_at or now
        message.visible_at = now + self.visibility
        return True

    def take(self, wanted: Callable[[Message], bool]) -> list[Message]:
        """Take messages out for good."""
        taken = [message for message in self.messages.values() if wanted(message)]
        for message in taken:
            del self.messages[message.id]
        return taken

    def delete(self, identifier: str) -> None:
        """Delete a message, whoever holds it."""
        self.messages.pop(identifier, None)


@dataclass
class Sqs:
    """The queues of an account. `refuses` is whether an entry of a batch fails though others are taken."""

    queues: dict[str, Queue]
    now: Callable[[], int]
    number: Callable[[], str]
    refuses: Callable[[], bool]

    def get_queue_url(self, **given: Any) -> Any:
        """The address of a queue."""
        for queue in self.queues.values():
            if queue.name == given["QueueName"]:
                return {"QueueUrl": queue.url}
        raise _missing("GetQueueUrl")

    def get_queue_attributes(self, **given: Any) -> Any:
        """How many messages there are, and the queue's settings."""
        queue = self._queue("GetQueueAttributes", given)
        waiting = len(queue.visible(self.now()))
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(waiting),
                "ApproximateNumberOfMessagesNotVisible": str(len(queue.messages) - waiting),
                "QueueArn": queue.arn,
                "VisibilityTimeout": str(queue.visibility // SECOND),
            }
        }

    def send_message(self, **given: Any) -> Any:
        """Put one message into a queue."""
        queue = self._queue("SendMessage", given)
        self._check(len(given["MessageBody"].encode()), "SendMessage")
        message = self._put(queue, given)
        return {"MessageId": message.id, "MD5OfMessageBody": _digest(message.body)}

    def send_message_batch(self, **given: Any) -> Any:
        """Put messages into a queue, each for itself."""
        queue = self._queue("SendMessageBatch", given)
        entries = given["Entries"]
        if not 0 < len(entries) <= _MOST_ENTRIES:
            raise refusal(
                "SendMessageBatch", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "1 to 10"
            )
        if len({entry["Id"] for entry in entries}) < len(entries):
            raise refusal("SendMessageBatch", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "ids repeat")
        self._check(sum(len(entry["MessageBody"].encode()) for entry in entries), "SendMessageBatch")
        sent: list[Any] = []
        failed: list[Any] = []
        for entry in entries:
            if self.refuses():
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
            else:
                message = self._put(queue, entry)
                sent.append(
                    {"Id": entry["Id"], "MessageId": message.id, "MD5OfMessageBody": _digest(message.body)}
                )
        return {"Successful": sent, **({"Failed": failed} if failed else {})}

    def receive_message(self, **given: Any) -> Any:
        """Take messages for a while."""
        queue, now = self._queue("ReceiveMessage", given), self.now()
        taken = []
        for message in queue.visible(now)[: given.get("MaxNumberOfMessages", 1)]:
            if queue.receive(message, now):
                taken.append(
                    {
                        "MessageId": message.id,
                        "ReceiptHandle": receipt(message),
                        "Body": message.body,
                        "MD5OfBody": _digest(message.body),
                        "Attributes": {"ApproximateReceiveCount": str(message.receives)},
                        "MessageAttributes": dict(message.attributes),
                    }
                )
        return {"Messages": taken} if taken else {}

    def delete_message(self, **given: Any) -> Any:
        """Delete a message that was received."""
        self._queue("DeleteMessage", given).delete(given["ReceiptHandle"].partition("#")[0])
        return {}

    def delete_message_batch(self, **given: Any) -> Any:
        """Delete messages that were received."""
        for entry in given["Entries"]:
            self.delete_message(QueueUrl=given["QueueUrl"], ReceiptHandle=entry["ReceiptHandle"])
        return {"Successful": [{"Id": entry["Id"]} for entry in given["Entries"]]}

    def change_message_visibility(self, **given: Any) -> Any:
        """Hide a message for longer, or show it at once."""
        queue = self._queue("ChangeMessageVisibility", given)
        message = queue.messages.get(given["ReceiptHandle"].partition("#")[0])
        if message:
            message.visible_at = self.now() + given["VisibilityTimeout"] * SECOND
            queue.changed()
        return {}

    def _put(self, queue: Queue, given: Mapping[str, Any]) -> Message:
        now = self.now()
        message = Message(
            self.number(),
            given["MessageBody"],
            given.get("MessageAttributes") or {},
            now,
            now + given.get("DelaySeconds", 0) * SECOND,
        )
        queue.add(message)
        return message

    def _check(self, size: int, operation: str) -> None:
        if size > _LARGEST:
            raise refusal(
                operation, "AWS.SimpleQueueService.BatchRequestTooLong", f"{size} bytes are too many"
            )

    def _queue(self, operation: str, given: Mapping[str, Any]) -> Queue:
        queue = self.queues.get(given["QueueUrl"])
        if queue is None:
            raise _missing(operation)
        return queue


def receipt(message: Message) -> str:
    """The handle of a message that was received."""
    return f"{message.id}#{message.receipt}"


def record(message: Message, queue: Queue, region: str) -> dict[str, Any]:
    """A message as a function gets it.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    return {
        "messageId": message.id,
        "receiptHandle": receipt(message),
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receives),
            "SentTimestamp": str(message.sent_at // MILLISECOND),
            "ApproximateFirstReceiveTimestamp": str(message.first_received_at // MILLISECOND),
        },
        "messageAttributes": {
            name: {"dataType": value["DataType"], "stringValue": value.get("StringValue")}
            for name, value in message.attributes.items()
        },
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": region,
    }


def _missing(operation: str) -> Exception:
    return refusal(
        operation, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."
    )


def _digest(body: str) -> str:
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
