"""Every queue at a glance: CloudWatch's ages where it has any, and else what a few messages say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from iotgen.operate.dlq.overview import Overview, overviews
from iotgen.operate.dlq.queues import DeadLetterQueue
from tests.operate.dlq.memory_queue import NOW_MS, MemoryQueue, message, opened, queue_of, refusal

NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)


class NoQueueError(Exception):
    """What boto3 raises for a queue that is not there."""


@dataclass
class Account:
    """Queues by their names."""

    queues: dict[str, MemoryQueue]

    class exceptions:  # noqa: N801 - boto3's name
        QueueDoesNotExist = NoQueueError

    def get_queue_url(self, **given: Any) -> dict[str, str]:
        if given["QueueName"] not in self.queues:
            raise NoQueueError
        return {"QueueUrl": given["QueueName"]}

    def get_queue_attributes(self, **given: Any) -> dict[str, Any]:
        return self.queues[given["QueueUrl"]].get_queue_attributes(**given)

    def receive_message(self, **given: Any) -> dict[str, Any]:
        return self.queues[given["QueueUrl"]].receive_message(**given)


@dataclass
class CloudWatch:
    """Ages by the queues' names; the latest value comes first."""

    ages: dict[str, list[float]] = field(default_factory=dict)
    refuses: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def get_metric_data(self, **given: Any) -> dict[str, Any]:
        if self.refuses:
            raise refusal(self.refuses)
        self.asked.append(given)
        results = []
        for query in given["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            assert (metric["Namespace"], metric["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
            (dimension,) = metric["Dimensions"]
            results.append({"Id": query["Id"], "Values": self.ages.get(dimension["Value"], [])})
        return {"MetricDataResults": results}


def look(queues: dict[str, MemoryQueue], cloudwatch: CloudWatch, *keys: str) -> dict[str, Overview]:
    owner = opened().queue.owner
    asked = [
        DeadLetterQueue(replace(owner, key=key, dead_letter_name=f"{key}-dlq-dev"), "queue", "spec.yaml:3")
        for key in keys
    ]
    clients: Callable[[str], Any] = {"sqs": Account(queues), "cloudwatch": cloudwatch}.__getitem__
    return {one.queue.owner.key: one for one in overviews(clients, asked, NOW)}


def test_a_queue_is_counted_aged_and_sampled_and_nothing_is_hidden() -> None:
    full = queue_of(*(message(number, reason="why", sent=NOW_MS - 1_000 * number) for number in range(12)))
    queues = {"full-dlq-dev": full, "empty-dlq-dev": queue_of()}
    cloudwatch = CloudWatch({"full-dlq-dev": [120.0, 60.0]})
    found = look(queues, cloudwatch, "full", "empty", "gone")
    one = found["full"]
    assert one.counts
    assert (one.counts.waiting, one.counts.in_flight, one.dead_seconds) == (12, 0, 120.0)
    assert (one.reasons, one.looked_at) == ((("why", 10),), 10)
    assert one.sent == NOW - timedelta(seconds=9)
    assert full.hidden == {}
    assert full.count("receive") == 1
    empty = found["empty"]
    assert empty.counts
    assert (empty.counts.waiting, empty.sent) == (0, None)
    assert queues["empty-dlq-dev"].count("receive") == 0
    assert found["gone"].counts is None
    (asked,) = cloudwatch.asked
    assert len(asked["MetricDataQueries"]) == 1


def test_without_a_metric_the_messages_say_when_they_were_sent() -> None:
    for cloudwatch in (CloudWatch(), CloudWatch(refuses="AccessDenied")):
        one = look({"full-dlq-dev": queue_of(message(1))}, cloudwatch, "full")["full"]
        assert one.dead_seconds is None
        assert one.sent == NOW - timedelta(minutes=1)


def test_forty_queues_come_in_their_order() -> None:
    keys = [f"q{number}" for number in range(40)]
    queues = {f"{key}-dlq-dev": queue_of(message(1)) for key in keys}
    assert list(look(queues, CloudWatch(), *keys)) == keys
