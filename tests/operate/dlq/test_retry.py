"""Letters are sent as they are: body, attributes and trace; a function gets its event asynchronously."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.kinds.functions import Function
from iotgen.operate.dlq.letter import DeadLetter, letter_of
from iotgen.operate.dlq.queues import DeadLetterQueue
from iotgen.operate.dlq.retry import sender
from tests.conftest import compile_spec
from tests.operate.dlq.memory_queue import message, opened, refusal


class NoQueueError(Exception):
    """What boto3 raises for a queue that is not there."""


@dataclass
class Sqs:
    """Takes batches; `gone` is whether there is no queue."""

    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    gone: bool = False

    class exceptions:  # noqa: N801 - boto3's name
        QueueDoesNotExist = NoQueueError

    def get_queue_url(self, **_given: Any) -> dict[str, str]:
        if self.gone:
            raise NoQueueError
        return {"QueueUrl": "url"}

    def send_message_batch(self, **given: Any) -> dict[str, Any]:
        self.batches.append(given["Entries"])
        return {"Failed": self.failed}


@dataclass
class Lambda:
    """Takes events, and refuses those with a body that is in `refuses`."""

    events: list[dict[str, Any]] = field(default_factory=list)
    refuses: dict[bytes, str] = field(default_factory=dict)

    def invoke(self, **given: Any) -> None:
        if code := self.refuses.get(given["Payload"]):
            raise refusal(code)
        self.events.append(given)


def letters(*bodies: str) -> list[DeadLetter]:
    return [letter_of({**message(number, body), "ReceiptHandle": "r"}) for number, body in enumerate(bodies)]


def of_a_function() -> DeadLetterQueue:
    pipeline = compile_spec("version: 1\npipeline: p\nfunctions: {f: {source: f}}\n").model
    return DeadLetterQueue(pipeline.get(Function, "f"), "function", "spec.yaml:3")


def clients(**by_name: Any) -> Callable[[str], Any]:
    return by_name.__getitem__


def test_a_message_is_sent_with_its_attributes_and_its_trace() -> None:
    sqs, (letter,) = Sqs(), letters("body")
    attributes: dict[str, dict[str, Any]] = {
        "reason": {"DataType": "String", "StringValue": "why", "StringListValues": []},
        "raw": {"DataType": "Binary", "BinaryValue": b"\x00"},
    }
    system = {"AWSTraceHeader": "Root=1", "SentTimestamp": "1"}
    send = sender(clients(sqs=sqs), opened().queue)
    assert send([replace(letter, attributes=attributes, system=system)]) == {}
    assert sqs.batches == [
        [
            {
                "Id": "0",
                "MessageBody": "body",
                "MessageAttributes": {
                    "reason": {"DataType": "String", "StringValue": "why"},
                    "raw": {"DataType": "Binary", "BinaryValue": b"\x00"},
                },
                "MessageSystemAttributes": {
                    "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}
                },
            }
        ]
    ]


def test_large_messages_go_in_calls_of_their_own() -> None:
    sqs = Sqs()
    sender(clients(sqs=sqs), opened().queue)(letters("x" * 200_000, "y" * 100_000, "z", "w" * 900_000))
    assert [len(batch) for batch in sqs.batches] == [1, 2, 1]


def test_what_sqs_refuses_is_known_by_its_id() -> None:
    sqs = Sqs(failed=[{"Id": "1", "Code": "InvalidMessageContents", "Message": "no"}])
    some = letters("a", "b")
    assert sender(clients(sqs=sqs), opened().queue)(some) == {some[1].id: "InvalidMessageContents: no"}


def test_a_queue_that_is_gone_is_an_error_before_anything_is_touched() -> None:
    with pytest.raises(IotgenError) as raised:
        sender(clients(sqs=Sqs(gone=True)), opened().queue)
    assert raised.value.message == "the queue `q` is not deployed: AWS has no `q-dev`"


def test_an_event_is_handed_to_its_function_asynchronously() -> None:
    functions = Lambda(refuses={b"b": "InvalidRequestContentException"})
    some = letters('{"a": 1}', "b", "{}")
    failed = sender(clients(**{"lambda": functions}), of_a_function())(some)
    assert failed == {some[1].id: "InvalidRequestContentException"}
    assert functions.events == [
        {"FunctionName": "f-dev", "InvocationType": "Event", "Payload": payload}
        for payload in (b'{"a": 1}', b"{}")
    ]


def test_a_fault_that_is_not_the_events_ends_it() -> None:
    functions = Lambda(refuses={b"a": "TooManyRequestsException"})
    with pytest.raises(RemoteError) as raised:
        sender(clients(**{"lambda": functions}), of_a_function())(letters("a"))
    assert raised.value.hint == "AWS has too many requests to answer: wait a little, then run it again."


def test_a_letter_of_a_fifo_queue_goes_back_into_its_group_under_an_id_of_its_own() -> None:
    sqs = Sqs()
    queue = replace(opened().queue, owner=replace(opened().queue.owner, fifo=True))
    content = {**message(1), "ReceiptHandle": "r"}
    content["Attributes"] = {"MessageGroupId": "device-1", "MessageDeduplicationId": "spent"}
    assert sender(lambda _service: sqs, queue)([letter_of(content)]) == {}
    assert sqs.batches == [
        [
            {
                "Id": "0",
                "MessageBody": "{}",
                "MessageGroupId": "device-1",
                "MessageDeduplicationId": content["MessageId"],
            }
        ]
    ]
