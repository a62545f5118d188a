"""The alarms of topics."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Alarm, Topic


def topic_alarms(make: AlarmMaker, settings: Mapping[str, Any], topics: tuple[Topic, ...]) -> Iterator[Alarm]:
    """The notifications of each topic that reach nobody."""
    failures = settings["failures"]
    if not failures:
        return
    for topic in topics:
        # Counts a mail once, when SNS gives it up, and HTTPS at each failed attempt. A subscription that SNS
        # suspended gets no notifications, so none fails: this metric does not show it.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
        own = {"TopicName": Reference(f"aws_sns_topic.{topic.label}.name")}
        description = f"Notifications of {topic.name} are not delivered"
        metric = "AWS/SNS:NumberOfNotificationsFailed"
        yield make(f"{topic.key}-failures", topic.path, description, metric, own, failures)
