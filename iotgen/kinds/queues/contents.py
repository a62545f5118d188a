"""How many messages a queue or a dead-letter queue holds, and how old they are."""

from datetime import datetime, timedelta
from typing import Any

from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted
from iotgen.model.dead_letters import AGE

# SQS's numbers lag behind by up to a minute, and come from a sample of its servers: one zero is not enough.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
_ASKED = 3
_NUMBERS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_RECENT = timedelta(minutes=15)
_SPANS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def queue_contents(clients: Clients, queue: Attributes, now: datetime) -> Amount:
    """The messages that wait, are being processed or are delayed."""
    count = _count(clients("sqs"), queue["url"])
    age = _age(clients("cloudwatch"), queue["name"], now) if count else ""
    return Amount(counted(count, "message") + age, empty=count == 0)


def _count(client: Any, url: str) -> int:
    for _ in range(_ASKED):
        answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=list(_NUMBERS))
        if count := sum(int(answer["Attributes"].get(name, 0)) for name in _NUMBERS):
            return count
    return 0


def _age(client: Any, name: str, now: datetime) -> str:
    """The age of the oldest message in words; empty when CloudWatch does not know it, or may not be asked."""
    namespace, metric = AGE.split(":")
    try:
        answer = client.get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": "QueueName", "Value": name}],
            StartTime=now - _RECENT,
            EndTime=now,
            Period=60,
            Statistics=["Maximum"],
        )
    except client.exceptions.ClientError:
        return ""
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return f", the oldest {_span(points[-1]['Maximum'])} old" if points else ""


def _span(seconds: float) -> str:
    for length, noun in _SPANS:
        if seconds >= length:
            return counted(int(seconds // length), noun)
    return counted(int(seconds), "second")
