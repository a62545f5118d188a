"""Triggers by messages of a topic, one by one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    Position,
    ResourceTrigger,
    Sender,
    TriggerKind,
    Undelivered,
    as_named,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.spec.strict_json import read_json
from iotgen.triggers.permission import permission

_SECTION = "topics"
# What SNS spells in another way in the events of functions.
_OF_FUNCTIONS = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}


@dataclass(frozen=True, kw_only=True)
class TopicTrigger(ResourceTrigger):
    """A trigger by messages of a topic; `filter` is SNS's policy, which with `body` is for the body."""

    service: ClassVar[str | None] = "sns"
    once: ClassVar[bool] = True

    filter: Mapping[str, Any] | None = field(hash=False)
    body: bool

    @property
    def events(self) -> str:
        """Messages."""
        return "messages"

    @property
    def amount(self) -> str:
        """All, or those that match."""
        return "some" if self.filter else ""

    @property
    def sender(self) -> Sender:
        """SNS, for the topic."""
        name = self.key.title().replace("-", "")
        return Sender(f"SendUndeliveredOf{name}", "sns.amazonaws.com", self.source_arn)

    def set_off_by(self, grant: Grant) -> str | None:
        """The topic, if a function may publish to it and no filter can leave that out."""
        same = (grant.section, grant.key) == self.resource
        return self.key if same and "publish" in grant.verbs and not self.filter else None


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> TopicTrigger:
    return TopicTrigger(
        **position.of(context, _SECTION, settings["topic"], "topic"),
        filter=settings.get("filter"),
        body=settings["filter_scope"] == "body",
    )


def _render(calls: tuple[Call[TopicTrigger], ...]) -> Iterator[Rendering]:
    for call in {call.trigger.label: call for call in calls}.values():
        trigger = call.trigger
        yield permission(call, f"topic-{trigger.key}", "sns.amazonaws.com", trigger.source_arn)
        holes = {"function": call.function, "trigger": trigger}
        yield Rendering("functions", trigger.path, "topic_trigger", holes)


def _sample(_trigger: TopicTrigger, topic: Resource, occasion: Occasion) -> Event:
    """One message.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    live = occasion.live
    arn = f"arn:{live.partition}:sns:{live.region}:{live.account}:{topic.name}"
    at = datetime.fromtimestamp(occasion.now / 1000, UTC).isoformat(timespec="milliseconds")
    message: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": occasion.id,
        "TopicArn": arn,
        "Subject": None,
        "Message": occasion.content,
        "Timestamp": at.replace("+00:00", "Z"),
        "SignatureVersion": "1",
        "Signature": "SAMPLE",
        "SigningCertUrl": f"https://sns.{live.region}.amazonaws.com/SimpleNotificationService-sample.pem",
        "UnsubscribeUrl": f"https://sns.{live.region}.amazonaws.com/?Action=Unsubscribe",
        "MessageAttributes": {},
    }
    return _event(message, f"{arn}:{occasion.id}")


def _event(message: Mapping[str, Any], subscription: str) -> Event:
    """The event with a message, for the subscription with an ARN."""
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription,
        "Sns": message,
    }
    return {"Records": [record]}


def _undelivered(body: str, attributes: Mapping[str, str]) -> Undelivered | None:
    """A message as SNS sends it to a queue, which a function gets in another form.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    """
    if '"TopicArn"' not in body:
        return None
    try:
        data = read_json(body)
        topic = str(data["TopicArn"])
        is_one = data["Type"] == "Notification" and "Message" in data
    except (ValueError, KeyError, TypeError):
        return None
    if not is_one:
        return None
    leaving = str(data.get("UnsubscribeURL", ""))
    message = {
        "Subject": None,
        "MessageAttributes": {},
        **{_OF_FUNCTIONS.get(name, name): value for name, value in data.items()},
    }
    subscription = parse_qs(urlsplit(leaving).query).get("SubscriptionArn", [topic])[0]
    why = attributes.get("ErrorMessage") or attributes.get("ErrorCode")
    reason = f"the topic `{topic.rpartition(':')[2]}` could not deliver it: {why}" if why else ""
    return Undelivered(reason, json.dumps(_event(message, subscription)))


TOPIC_TRIGGER = TriggerKind(
    word="topic",
    section=_SECTION,
    type=TopicTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by="publish",
    delivery=one_by_one,
    written=as_named,
    undelivered=_undelivered,
)
