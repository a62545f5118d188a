"""A heat wave, small: `scripts/bench alerts` runs it with 36,000 devices, and by every way."""

import json
from collections import Counter

import pytest

from tests.bench import storms
from tests.bench.memory_aws import MemoryAws
from tests.bench.processor import Container, settings, sqs_event
from tests.bench.queue import Message, Queue
from tests.bench.virtual_time import VirtualTime


@pytest.mark.parametrize("way", [storms.in_five_messages, storms.one_a_message])
def test_a_heat_wave_costs_no_row_and_few_notifications(way: storms.Way) -> None:
    cold, hot = (storms.run(way, 1000, hot=crossing) for crossing in (False, True))
    assert [limit for limit in storms.limits("a storm", cold, hot) if not limit.holds] == []
    assert (cold.rows, cold.notifications) == (1000, 0)
    assert 1 <= hot.notifications <= 3


def test_one_device_at_a_time_is_told_as_such_until_the_minute_is_full() -> None:
    hot = storms.run(storms.one_a_request, 30, hot=True)
    assert (hot.rows, hot.notifications, hot.missing) == (30, 10, 0)
    assert hot.most_a_second <= 3


def test_duplicates_that_are_processed_at_once_tell_of_each_device_once() -> None:
    aws = MemoryAws(VirtualTime(), json.dumps({"thresholds": {"temperature": {"max": storms.LIMIT}}}))
    hot = [
        {"device_id": f"device-{n}", "timestamp": 1_700_000_000_000, "sensor_data": {"temperature": 90}}
        for n in range(4)
    ]
    messages = [Message(json.dumps(reading)) for _ in range(10) for reading in hot]
    queue = Queue(aws.time, settings().visibility_seconds, settings().max_receives, messages)

    def poller() -> None:
        container = Container(aws)
        queue.poll(1, lambda batch: container.invoke(sqs_event(batch)))

    aws.time.run([poller] * settings().pollers)
    told = Counter(json.loads(message["Message"])["device_id"] for _, message in aws.published)
    assert told == {f"device-{n}": 1 for n in range(4)}
    assert queue.dead == []
