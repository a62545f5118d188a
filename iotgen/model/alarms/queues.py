"""The alarms of queues and of dead-letter queues.

Metrics: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Alarm, Function, Queue

AGE = "AWS/SQS:ApproximateAgeOfOldestMessage"
DAY = 86400


def queue_alarms(
    make: AlarmMaker, settings: Mapping[str, Any], queues: tuple[Queue, ...], functions: tuple[Function, ...]
) -> Iterator[Alarm]:
    """The age of messages in each queue, and what is in each dead-letter queue."""
    age = settings["age"]
    for queue in queues:
        if age:
            own = {"QueueName": Reference(f"aws_sqs_queue.{queue.label}.name")}
            description = f"The oldest message of {queue.name} has waited {age} seconds"
            yield make(f"{queue.key}-age", queue.path, description, AGE, own, age, "Maximum")
    holders: tuple[Queue | Function, ...] = (*queues, *functions)
    for holder in holders:
        yield from _dead_letter_alarms(make, settings, holder)


def _dead_letter_alarms(
    make: AlarmMaker, settings: Mapping[str, Any], holder: Queue | Function
) -> Iterator[Alarm]:
    dead_letters, days = settings["dead_letters"], settings["dead_letter_age"]
    own = {"QueueName": Reference(f"aws_sqs_queue.{holder.dead_letter_label}.name")}
    key = holder.dead_letter_label.replace("_", "-")
    if dead_letters:
        description = f"{holder.dead_letter_name} holds messages that failed"
        metric = "AWS/SQS:ApproximateNumberOfMessagesVisible"
        yield make(key, holder.path, description, metric, own, dead_letters, "Maximum")
    if days:
        # In a dead-letter queue the metric counts from the move, but a message is deleted by the time when it
        # was first sent: one that waited in its queue for four days is deleted at an age of ten.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
        description = f"A message has been in {holder.dead_letter_name} for {days} days, and will be deleted"
        yield make(f"{key}-expiring", holder.path, description, AGE, own, days * DAY, "Maximum")
