"""SNS: what is published reaches each subscriber, at least once, and is tried again for long.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from iotgen.prove.account import EPOCH, Account
from iotgen.prove.aws.sns import Notification, Topic
from iotgen.prove.aws.sqs import Message
from iotgen.prove.events import Events
from iotgen.prove.kernel import SECOND
from iotgen.prove.patterns import fits
from iotgen.prove.shape import SubscriptionShape

_LATEST = (0, SECOND, 20 * SECOND)


def _pauses() -> Iterator[int]:
    """At once three times, twice after a second, then up to 20 seconds apart, for 23 days."""
    yield from (0, 0, 0, SECOND, SECOND)
    yield from (min(20, 2**number) * SECOND for number in range(10))
    while True:
        yield 20 * SECOND


class Subscription:
    """A subscription; `waiting` are the messages that have still to be delivered."""

    def __init__(self, shape: SubscriptionShape, account: Account, events: Mapping[str, Events]) -> None:
        self.shape, self.account, self._events = shape, account, events
        self.waiting = 0

    def hear(self, topic: Topic, notification: Notification) -> None:
        """Take a message that the filter lets through, and now and then twice or late."""
        if not self._wants(notification):
            return
        account = self.account
        message = envelope(topic.arn, notification, account.number())
        for _ in range(1 + account.meets("repeated")):
            late = _LATEST[account.chance.below(len(_LATEST))] if account.meets("reordered") else 0
            self.waiting += 1
            account.kernel.after(late, lambda: self._try(message, _pauses()))

    def again(self, letter: Message) -> None:
        """Deliver what is in a dead letter."""
        self.waiting += 1
        self._try(json.loads(letter.body), _pauses())

    def _wants(self, notification: Notification) -> bool:
        policy = self.shape.filter
        if policy is None:
            return True
        if not self.shape.body:
            return fits(policy, {name: _value(one) for name, one in notification.attributes.items()})
        try:
            return fits(policy, json.loads(notification.message))
        except ValueError:
            return False

    def _try(self, message: dict[str, Any], pauses: Iterator[int]) -> None:
        """Deliver it, or try again: for ever here, as no history lasts 23 days.

        A subscriber that it may not call gets it never: such a message is a dead letter at once.
        https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
        """
        account = self.account
        if self.shape.failed and account.meets("unreachable"):
            account.tell("SNS", f"may not call {self.shape.key}: the message is a dead letter")
            self.waiting -= 1
            self._send(self.shape.failed, json.dumps(message), {}, source=self.shape.name)
        elif account.refuses(self.shape.service):
            account.kernel.after(next(pauses), lambda: self._try(message, pauses))
        else:
            self.waiting -= 1
            self._deliver(message)

    def _deliver(self, message: dict[str, Any]) -> None:
        if self.shape.section == "functions":
            self._events[self.shape.key].add(event(message))
        elif self.shape.raw:
            attributes = {
                name: {"DataType": one["Type"], "StringValue": one["Value"]}
                for name, one in message["MessageAttributes"].items()
            }
            self._send(self.shape.key, message["Message"], attributes)
        else:
            self._send(self.shape.key, json.dumps(message), {})

    def _send(self, queue: str, body: str, attributes: Mapping[str, Any], source: str = "") -> None:
        now = self.account.kernel.now
        message = Message(self.account.number(), body, attributes, now, now, source=source)
        self.account.queues[queue].add(message)


def envelope(arn: str, notification: Notification, number: str) -> dict[str, Any]:
    """A message as SNS sends it on.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
    """
    at = datetime.fromtimestamp(EPOCH + notification.at / SECOND, UTC).isoformat(timespec="milliseconds")
    return {
        "Type": "Notification",
        "MessageId": number,
        "TopicArn": arn,
        "Subject": notification.subject or None,
        "Message": notification.message,
        "Timestamp": at.replace("+00:00", "Z"),
        "MessageAttributes": {
            name: {"Type": one["DataType"], "Value": one.get("StringValue", "")}
            for name, one in notification.attributes.items()
        },
    }


def event(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as a function gets it.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": f"{message['TopicArn']}:simulated",
        "Sns": message,
    }
    return {"Records": [record]}


def _value(attribute: Mapping[str, Any]) -> Any:
    """The value of an attribute, as a filter compares it.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
    """
    text = attribute.get("StringValue", "")
    return json.loads(text) if attribute["DataType"] in ("Number", "String.Array") else text
