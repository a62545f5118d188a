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
    """Find each function whose messages can cost the mail subscribers their alarms."""
    notified = {alarm.topic for alarm in pipeline.all(Alarm)}
    topics = {topic.key for topic in pipeline.all(Topic) if topic.name in notified and _mails(topic)}
    for function in pipeline.all(Function):
        for grant in function.grants:
            if grant.section == TOPICS.section and grant.key in topics:
                message = (
                    f"`{function.key}` publishes to `{grant.key}`, which alarms notify: over 10 messages a "
                    "second SNS suspends a mail subscription, and alarms reach nobody"
                )
                hint = "Publish to a topic of its own, and name another one in `alarms: notify`."
                yield Finding(
                    (*function.path, "access", grant.section, grant.key), message, hint, at_key=True
                )


def _mails(topic: Topic) -> bool:
    """Whether somebody may get mail of it; one without subscriptions here may have some elsewhere."""
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
    fix="Have functions publish to a topic of their own, and name another one in `alarms: notify`.",
    ignore="The function never publishes that fast.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html",
    check=check,
)
