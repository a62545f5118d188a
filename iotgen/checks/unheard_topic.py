"""A topic has no subscription."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.topics import TOPICS, Topic
from iotgen.kinds.wiring import Wire
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each topic that alarms or functions publish to, and that has no subscription."""
    wired = {wire.source for wire in pipeline.all(Wire)}
    called = {trigger.resource for function in pipeline.all(Function) for trigger in function.triggers}
    notified = {one.name for alarm in pipeline.all(Alarm) for one in alarm.receivers}
    targets = (target for rule in pipeline.all(TopicRule) for target in rule.every_target)
    ruled = {target.key for target in targets if target.section == TOPICS.section}
    told = {target.key for event in pipeline.all(Event) for target in event.targets if target.word == "topic"}
    for topic in pipeline.all(Topic):
        named = (TOPICS.section, topic.key)
        used = named in pipeline.referred
        outside = any(one.takes for one in topic.accepted)
        heard = outside or topic.subscriptions or topic.path in wired or named in called
        if heard or f"{TOPICS.address}.{topic.label}" in sources.referred:
            continue
        if not used or not pipeline.settled(topic.path):
            continue
        asked = any(one.receiver and one.receiver.path == topic.path for one in endpoints_of(pipeline))
        others = (
            "endpoints"
            if asked
            else "rules"
            if topic.key in ruled
            else "events"
            if topic.key in told
            else "functions"
        )
        publishers = "alarms" if topic.name in notified else others
        message = f"{publishers} publish to `{topic.key}`, but it has no subscription"
        hint = "Add one: `subscriptions: [{email: ops@example.com}]`."
        yield Finding(topic.path, message, hint, at_key=True)


RULE = Rule(
    code="IOT391",
    severity=Severity.WARNING,
    summary="A topic has no subscription.",
    why=(
        "SNS delivers a message to the subscriptions of its topic and does not keep it. Without a "
        "subscription the message is lost, without an error."
    ),
    fix="Add a subscription: `subscriptions: [{email: ops@example.com}]`.",
    ignore="Subscriptions are made outside of the spec.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
    check=check,
)
