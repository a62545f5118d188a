"""A function publishes to the topic that alarms notify."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.topics import TOPICS, Topic
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function that publishes to a topic of the alarms with email subscribers."""
    notified = {one.name for alarm in pipeline.all(Alarm) for one in alarm.notify}
    topics = {topic.key for topic in pipeline.all(Topic) if topic.name in notified and _mails(topic)}
    for function in pipeline.all(Function):
        for grant in function.grants:
            if grant.section == TOPICS.section and grant.key in topics:
                message = (
                    f"`{function.key}` publishes to `{grant.key}`, which alarms notify: above 10 messages/s "
                    "SNS suspends an email subscription, and alarms reach nobody"
                )
                hint = "Publish to another topic, or set `notify` in `alarms` to another one."
                yield Finding(grant.path, message, hint, at_key=True)


def _mails(topic: Topic) -> bool:
    """Whether it may have email subscribers; without subscriptions here it may have some elsewhere."""
    protocols = {subscription.protocol for subscription in topic.subscriptions}
    return not protocols or "email" in protocols


RULE = Rule(
    code="IOT396",
    severity=Severity.WARNING,
    summary="A function publishes to the topic that alarms notify.",
    why=(
        "SNS suspends an email subscription that gets more than 10 messages a second, until somebody "
        "confirms it again. A burst of messages from a function can therefore cost the alarms their "
        "recipients."
    ),
    fix="Have functions publish to another topic, or set `notify` in `alarms` to another one.",
    ignore="The function never publishes that fast.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html",
    check=check,
)
