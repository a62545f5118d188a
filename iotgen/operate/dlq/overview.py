"""Every dead-letter queue of a pipeline at a glance: how much is in it, since when, and why."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from iotgen.model.dead_letters import AGE
from iotgen.operate.dlq.queues import Counts, DeadLetterQueue, counts, url_of
from iotgen.operate.dlq.receiving import glimpse

Clients = Callable[[str], Any]

_AT_A_TIME = 8
# SQS's metrics are a minute apart and late; a queue that was idle may have none for 15 minutes.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html
_RECENT = timedelta(minutes=15)
_PERIOD = 60
_QUERIES_IN_A_CALL = 500


@dataclass(frozen=True)
class Overview:
    """A dead-letter queue; `counts` is None where it is not deployed.

    `dead_seconds` is how long its oldest message has been there, by CloudWatch; `sent` is when the oldest of
    the `looked_at` messages was first sent. `reasons` are those of these few, the commonest first.
    """

    queue: DeadLetterQueue
    counts: Counts | None
    dead_seconds: float | None = None
    sent: datetime | None = None
    reasons: tuple[tuple[str, int], ...] = ()
    looked_at: int = 0


def overviews(clients: Clients, queues: Sequence[DeadLetterQueue], now: datetime) -> tuple[Overview, ...]:
    """All queues, in their order; ten messages of each are looked at, and hidden from nobody."""
    sqs = clients("sqs")
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        found = list(pool.map(partial(_look, sqs), queues))
    filled = [one.queue.name for one in found if one.counts and one.counts.waiting]
    ages = _ages(clients("cloudwatch"), filled, now) if filled else {}
    return tuple(
        Overview(one.queue, one.counts, ages.get(one.queue.name), one.sent, one.reasons, one.looked_at)
        for one in found
    )


def _look(sqs: Any, queue: DeadLetterQueue) -> Overview:
    url = url_of(sqs, queue.name)
    if url is None:
        return Overview(queue, None)
    number = counts(sqs, url)
    letters = tuple(glimpse(sqs, url)) if number.waiting else ()
    reasons = Counter(letter.reason for letter in letters)
    sent = min((letter.sent for letter in letters), default=None)
    return Overview(queue, number, None, sent, tuple(reasons.most_common()), len(letters))


def _ages(cloudwatch: Any, names: Sequence[str], now: datetime) -> dict[str, float]:
    """How long the oldest message of each queue has been there; those that CloudWatch knows of."""
    from botocore.exceptions import BotoCoreError, ClientError

    ages: dict[str, float] = {}
    try:
        for start in range(0, len(names), _QUERIES_IN_A_CALL):
            some = names[start : start + _QUERIES_IN_A_CALL]
            queries = [_query(number, name) for number, name in enumerate(some)]
            answer = cloudwatch.get_metric_data(
                MetricDataQueries=queries, StartTime=now - _RECENT, EndTime=now, ScanBy="TimestampDescending"
            )
            ages |= {some[int(id)]: value for id, value in _latest(answer)}
    except (BotoCoreError, ClientError):
        return ages  # the messages themselves say when they were sent
    return ages


def _query(number: int, name: str) -> dict[str, Any]:
    namespace, metric = AGE.split(":")
    about = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": "QueueName", "Value": name}],
    }
    return {"Id": f"q{number}", "MetricStat": {"Metric": about, "Period": _PERIOD, "Stat": "Maximum"}}


def _latest(answer: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for result in answer.get("MetricDataResults", ()):
        if result["Values"]:
            yield result["Id"].removeprefix("q"), float(result["Values"][0])
