import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import aws_errors, queue
from readings.backoff import Backoff
from readings.queue import MESSAGE_BYTES, Message, SendError
from readings.reading import Reading, read

READING = read({"device_id": "d", "timestamp": 1, "sensor_data": {"note": "°"}}, 1, 1000)
ALWAYS = Backoff(lambda _: None, lambda: 1.0, lambda: 100.0)
NEVER = Backoff(lambda _: None, lambda: 1.0, lambda: 0.0)


def sized(sizes: list[int]) -> list[Reading]:
    return [replace(READING, event_id=str(n), sensor_data={"t": "x" * size}) for n, size in enumerate(sizes)]


@given(st.lists(st.sampled_from([10, 1000, 60_000, 131_000]), max_size=20))
def test_packs_each_reading_once_in_order_and_within_the_limit(sizes: list[int]) -> None:
    messages = queue.pack(sized(sizes))
    assert all(message.size <= MESSAGE_BYTES and message.body.isascii() for message in messages)
    packed = [reading["event_id"] for message in messages for reading in json.loads(message.body)["readings"]]
    assert packed == [str(n) for n in range(len(sizes))]
    for one, following in itertools.pairwise(messages):
        first = json.dumps(json.loads(following.body)["readings"][0], separators=(",", ":"))
        assert one.size + len(first) + 1 > MESSAGE_BYTES


def test_nothing_makes_no_message() -> None:
    assert queue.pack([]) == []


class Scripted:
    """A queue that treats calls as told: an exception, or the failures by entry, or nothing."""

    def __init__(self, *script: Any) -> None:
        self.script, self.calls, self.taken = list(script), list[list[str]](), list[str]()

    def send_message_batch(self, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803
        assert sum(len(entry["MessageBody"]) for entry in Entries) <= MESSAGE_BYTES
        self.calls.append([entry["MessageBody"] for entry in Entries])
        step = self.script.pop(0) if self.script else {}
        if isinstance(step, Exception):
            raise step
        self.taken += [entry["MessageBody"] for entry in Entries if entry["Id"] not in step]
        return {"Failed": [{"Id": entry, **failure} for entry, failure in step.items()]}


def messages(count: int, size: int = 2) -> list[Message]:
    return [Message(f"{n:0{size}d}") for n in range(count)]


def test_sends_ten_at_a_time() -> None:
    client = Scripted()
    queue.send(client, "url", messages(23), ALWAYS)
    assert [len(call) for call in client.calls] == [10, 10, 3]


def test_a_call_holds_no_more_than_a_message_may() -> None:
    client = Scripted()
    queue.send(client, "url", messages(5, 100_000), ALWAYS)
    assert [len(call) for call in client.calls] == [2, 2, 1]


def test_sees_every_entry_that_failed() -> None:
    failure = {"SenderFault": False, "Code": "InternalError"}
    throttled = {"SenderFault": True, "Code": "AWS.SimpleQueueService.RequestThrottled"}
    client = Scripted({"1": failure, "7": throttled}, {}, {"0": failure})
    queue.send(client, "url", messages(12), ALWAYS)
    assert sorted(client.taken) == [message.body for message in messages(12)]


def test_tries_again_what_passes_by_itself(error: Any) -> None:
    client = Scripted(error("RequestThrottled"), error("ServiceUnavailable", status=503))
    queue.send(client, "url", messages(2), ALWAYS)
    assert client.taken == ["00", "01"]


def test_is_busy_when_the_time_is_up(error: Any) -> None:
    with pytest.raises(aws_errors.BusyError):
        queue.send(Scripted(), "url", messages(2), NEVER)


def test_does_not_repeat_what_is_our_fault(error: Any) -> None:
    refused = {"SenderFault": True, "Code": "InvalidMessageContents"}
    with pytest.raises(SendError, match="InvalidMessageContents"):
        queue.send(Scripted({"0": refused}), "url", messages(1), ALWAYS)
    with pytest.raises(Exception, match="AccessDenied"):
        queue.send(Scripted(error("AccessDenied")), "url", messages(1), ALWAYS)


def test_a_rejection_carries_its_reason_as_text_that_sqs_takes(world: Any) -> None:
    made = queue.rejection({"a": 1}, "bad\x00 \ud800" + "x" * 2000, "m-1")
    assert len(made.attributes["reason"]) == 1000
    queue.send(world.clients["sqs"], world.environment["DEAD_LETTER_QUEUE_IOT_INGESTION"], [made], ALWAYS)
    [letter] = world.dead_letters()
    assert letter["MessageAttributes"]["reason"]["StringValue"].startswith("bad  ")
