"""What is shown of a deployed queue.

Metrics: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Iterator
from typing import Any

from iotgen.model.contents import Clients
from iotgen.model.dead_letters import (
    AGE,
    WAITING,
    Holder,
    dead_letter_fact,
    dead_letter_metric,
    message_counts,
)
from iotgen.model.status import Fact, Metric, Status


def _metrics(queue: Holder) -> Iterator[Metric]:
    own = {"QueueName": queue.name}
    yield Metric(
        column="oldest s",
        title="age of the oldest message in s",
        of=AGE,
        dimensions=own,
        statistic="Maximum",
    )
    yield Metric(
        column="waiting",
        title="messages that wait",
        of=WAITING,
        dimensions=own,
        statistic="Maximum",
        answered=True,
    )
    yield dead_letter_metric(queue)


def _facts(clients: Clients, queue: Holder) -> Iterator[Fact]:
    waiting, in_flight = message_counts(clients, queue.name)
    yield Fact(column="waiting", value=waiting)
    yield Fact(column="in flight", value=in_flight)
    yield dead_letter_fact(clients, queue)


QUEUE_STATUS: Status[Any] = Status(
    columns=("waiting", "in flight", "oldest s", "dead"), metrics=_metrics, facts=_facts
)
