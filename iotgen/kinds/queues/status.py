"""What is shown of a deployed queue.

Metrics: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Iterator
from typing import Any

from iotgen.model.contents import Clients
from iotgen.model.dead_letters import AGE, Holder, dead_letter_fact, message_counts
from iotgen.model.status import Fact, Metric, Status


def _metrics(queue: Holder) -> Iterator[Metric]:
    yield Metric(column="oldest s", of=AGE, dimensions={"QueueName": queue.name}, statistic="Maximum")


def _facts(clients: Clients, queue: Holder) -> Iterator[Fact]:
    waiting, in_flight = message_counts(clients, queue.name)
    yield Fact(column="waiting", value=waiting)
    yield Fact(column="in flight", value=in_flight)
    yield dead_letter_fact(clients, queue)


QUEUE_STATUS: Status[Any] = Status(
    columns=("waiting", "in flight", "oldest s", "dead"), metrics=_metrics, facts=_facts
)
