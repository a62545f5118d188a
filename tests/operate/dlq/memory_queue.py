"""An SQS of one queue in memory, whose calls can be counted and made to fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from iotgen.kinds.queues import Queue
from iotgen.model.expression import Label
from iotgen.operate.dlq.queues import DeadLetterQueue, Opened

NOW_MS = 1_700_000_000_000
URL = "https://sqs/q-dlq-dev"
ARN = "arn:aws:sqs:us-east-1:123456789012:q-dlq-dev"


def refusal(code: str, operation: str = "Call") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


def opened() -> Opened:
    queue = Queue(
        key="q",
        name="q-dev",
        label=Label("q"),
        path=("queues", "q"),
        dead_letter_name="q-dlq-dev",
        dead_letter_label=Label("q_dlq"),
        max_receives=5,
        visibility_timeout=30,
        retention=4 * 86_400,
        retention_setting="retention_days",
        delay=0,
        max_message_size=262144,
        content_deduplication=False,
        high_throughput=False,
        kms_key=None,
        senders=(),
        accepted=(),
    )
    return Opened(DeadLetterQueue(queue, "queue", "spec.yaml:3"), URL, ARN)


def message(
    number: int, body: str = "{}", reason: str | None = None, sent: int = NOW_MS - 60_000
) -> dict[str, Any]:
    attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
    return {
        "MessageId": f"{number:08d}-0000-0000-0000-000000000000",
        "Body": body,
        "MD5OfBody": "x",
        "MessageAttributes": attributes,
        "Attributes": {"SentTimestamp": str(sent), "ApproximateReceiveCount": "1"},
    }


@dataclass
class MemoryQueue:
    """Messages by id, and which are hidden, with the receipt of the latest time that each was received.

    `faults` has what is raised by the n-th call of an operation, `before` is asked before each call.
    """

    messages: dict[str, dict[str, Any]]
    hidden: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: Mapping[tuple[str, int], BaseException] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _operation: None
    timeouts: set[int] = field(default_factory=set)
    repeats: list[dict[str, Any]] = field(default_factory=list)

    def receive_message(self, **given: Any) -> dict[str, Any]:
        self._note("receive")
        self.timeouts.add(given["VisibilityTimeout"])
        if self.repeats:
            return {"Messages": [{**self.repeats.pop(), "ReceiptHandle": "again"}]}
        found: list[dict[str, Any]] = []
        for id, content in self.messages.items():
            if len(found) == given["MaxNumberOfMessages"]:
                break
            if id not in self.hidden:
                receipt = f"{id}/{len(self.calls)}"
                found.append({**content, "ReceiptHandle": receipt})
                if given["VisibilityTimeout"]:
                    self.hidden[id] = receipt
        return {"Messages": found} if found else {}

    def delete_message_batch(self, **given: Any) -> dict[str, Any]:
        self._note("delete")
        for entry in given["Entries"]:
            id = entry["ReceiptHandle"].partition("/")[0]
            self.messages.pop(id, None)
            self.hidden.pop(id, None)
        return {"Successful": [], "Failed": []}

    def change_message_visibility_batch(self, **given: Any) -> dict[str, Any]:
        self._note("show")
        for entry in given["Entries"]:
            assert entry["VisibilityTimeout"] == 0
            self.hidden.pop(entry["ReceiptHandle"].partition("/")[0], None)
        return {}

    def get_queue_attributes(self, **_given: Any) -> dict[str, Any]:
        self._note("attributes")
        waiting = len(self.messages) - len(self.hidden)
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(waiting),
                "ApproximateNumberOfMessagesNotVisible": str(len(self.hidden)),
            },
            "ResponseMetadata": {"HTTPHeaders": {"date": "Tue, 14 Nov 2023 22:13:20 GMT"}},
        }

    def count(self, operation: str) -> int:
        return self.calls.count(operation)

    def _note(self, operation: str) -> None:
        self.calls.append(operation)
        self.before(operation)
        if fault := self.faults.get((operation, self.count(operation))):
            raise fault


def queue_of(*messages: dict[str, Any], **settings: Any) -> MemoryQueue:
    return MemoryQueue({message["MessageId"]: message for message in messages}, **settings)
