"""A FIFO topic is used for what only a standard topic does."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.topics import SECTION, TOPICS, Topic, is_fifo_topic
from iotgen.kinds.wiring import Wire
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.topic import TopicTrigger

_TO_QUEUE = "Subscribe a queue, and let that trigger the function."
_STANDARD = "Use a standard topic."
_NOUNS = {"email": "email addresses", "https": "HTTPS", "sms": "phones"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find what a FIFO topic delivers to beside queues, and who publishes to it without a group."""
    for key, path, what, hint in (*_receivers(pipeline), *_publishers(pipeline)):
        if is_fifo_topic(pipeline, key):
            yield Finding(path, f"`{key}` is a FIFO topic, {what}", hint)


def _receivers(pipeline: Pipeline) -> Iterator[tuple[str, Path, str, str]]:
    for topic in pipeline.all(Topic):
        for index, one in enumerate(topic.subscriptions):
            path = (*topic.path, "subscriptions", index)
            yield topic.key, path, f"which does not deliver to {_NOUNS[one.protocol]}", _STANDARD
    for wire in pipeline.all(Wire):
        if wire.source[0] == SECTION and wire.target[0] == "deliveries":
            yield wire.source[1], (*wire.path, "delivery"), "which does not deliver to Firehose", _STANDARD
    for function in pipeline.all(Function):
        for trigger in function.by(TopicTrigger):
            yield trigger.key, (*trigger.path, "topic"), "which does not deliver to functions", _TO_QUEUE


def _publishers(pipeline: Pipeline) -> Iterator[tuple[str, Path, str, str]]:
    for wire in pipeline.all(Wire):
        if wire.target[0] == SECTION:
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
            yield wire.target[1], (*wire.path, "topic"), "to which S3 does not publish", _STANDARD
    yield from _rules_and_functions(pipeline)
    yield from _events(pipeline)
    alarmed = {topic.path for alarm in pipeline.all(Alarm) for topic in alarm.receivers}
    for known in TOPICS.known(pipeline):
        if known.path in alarmed:
            yield known.key, known.path, "to which alarms do not publish", "Notify a standard topic."


def _rules_and_functions(pipeline: Pipeline) -> Iterator[tuple[str, Path, str, str]]:
    for rule in pipeline.all(TopicRule):
        for target in rule.every_target:
            if target.section == SECTION:
                # https://docs.aws.amazon.com/iot/latest/developerguide/sns-rule-action.html
                yield target.key, (*target.path, "topic"), "to which AWS IoT does not publish", _STANDARD
    for function in pipeline.all(Function):
        for one in function.destinations:
            if one.section == SECTION:
                yield one.key, one.path, "to which Lambda reports no call", _STANDARD


def _events(pipeline: Pipeline) -> Iterator[tuple[str, Path, str, str]]:
    for event in pipeline.all(Event):
        for sent in event.targets:
            if sent.section == SECTION:
                # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
                yield sent.key, (*sent.path, "topic"), "to which EventBridge does not publish", _STANDARD


RULE = Rule(
    code="IOT477",
    summary="A FIFO topic is used for what only a standard topic does.",
    why=(
        "A FIFO topic delivers to queues only, and each message that is published to it needs a group, which "
        "S3, AWS IoT, EventBridge, Lambda's destinations and alarms do not give. AWS refuses the "
        "subscription, or the message is lost."
    ),
    fix="Use a standard topic, or a queue that subscribes to the FIFO topic.",
    source="https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html",
    check=check,
)
