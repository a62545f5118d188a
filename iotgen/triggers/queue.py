"""Triggers by messages of a queue, in batches."""

import base64
import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.cost import SECONDS, Arriving, Delivery, units
from iotgen.model.derived import Derived
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    Position,
    ResourceTrigger,
    TriggerKind,
    all_delivered,
    as_named,
    no_access,
)
from iotgen.triggers.records import patterns

_SECTION = "queues"

# With a maximum concurrency these poll even a quiet queue; without one Lambda may go down to two.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
POLLERS = 5
# The least maximum that Lambda takes: https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
LEAST_CONCURRENCY = 2
_LONG_POLL = 20
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
_MOST_RECEIVED = 10
_REQUEST = 64 * 1024
# Assumed for one ReceiveMessage that finds messages.
_POLL_SECONDS = 0.02
# What Lambda's poller does in the name of the function's role.
POLLED = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
# Messages for each poll, above which none is empty.
_NEVER_EMPTY = 100


@dataclass(frozen=True, kw_only=True)
class QueueTrigger(ResourceTrigger):
    """A trigger by messages of a queue; with `filters`, Lambda deletes those that match none.

    `limited` is whether the spec has the maximum, which otherwise follows from the reservation.
    """

    asynchronous: ClassVar[bool] = False
    once: ClassVar[bool] = True

    batch_size: int
    batch_window: int
    max_concurrency: int | None
    limited: bool
    report_failures: bool
    enabled: bool
    filters: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    @property
    def events(self) -> str:
        """Messages."""
        return "messages"

    @property
    def amount(self) -> str:
        """A batch, of the messages that match."""
        batches = f"batches of {self.batch_size}" if self.batch_size > 1 else "one by one"
        return f"{batches}, some deleted unseen" if self.filters else batches

    @property
    def concurrency(self) -> int | None:
        """The trigger's maximum; without one there is no reservation that it could take."""
        return self.max_concurrency or 0

    def derived(self) -> Iterator[Derived]:
        """The share of the reservation."""
        if self.max_concurrency is not None:
            source = "four fifths of the function's reserved concurrency, shared by its queues"
            yield Derived((*self.path, "max_concurrency"), self.max_concurrency, source)

    def set_off_by(self, grant: Grant) -> str | None:
        """The queue, if a function may send messages to it and no filter can leave them out."""
        same = (grant.section, grant.key) == (self.section, self.key)
        return self.key if same and "send" in grant.verbs and not self.filters else None


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> QueueTrigger:
    return QueueTrigger(
        **position.of(context, _SECTION, settings["queue"]),
        batch_size=settings["batch_size"],
        batch_window=settings["batch_window"],
        max_concurrency=settings.get("max_concurrency", _share(position)),
        limited="max_concurrency" in settings,
        report_failures=settings["report_failures"],
        enabled=settings["enabled"],
        filters=patterns(settings),
    )


def _share(position: Position) -> int | None:
    """Pollers ignore reservations, so they share four fifths, and other callers get the rest."""
    if position.reserved is None:
        return None
    return min(1000, max(LEAST_CONCURRENCY, position.reserved * 4 // 5 // position.sharers))


def _statements(context: Context, trigger: QueueTrigger) -> Iterator[Statement]:
    """The permissions that Lambda's poller needs in the function's role."""
    queue = context.arn(_SECTION, trigger.key)
    yield Statement(statement_id("consume", "queue", trigger.key), POLLED, (queue,))


def _render(calls: tuple[Call[QueueTrigger], ...]) -> Iterator[Rendering]:
    for call in calls:
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "queue_trigger", holes, moved=call.trigger.moved)


def queue_event(messages: Iterable[Mapping[str, Any]], arn: str, region: str) -> Event:
    """The event of a batch of messages, each as SQS's ReceiveMessage returns it, of the queue with this ARN.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    return {"Records": [_record(message, arn, region) for message in messages]}


def _record(message: Mapping[str, Any], arn: str, region: str) -> Event:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": region,
    }


def _attribute(value: Mapping[str, Any]) -> Event:
    """A message attribute; Lambda's names of its parts begin with a small letter, and bytes are base64."""
    parts = {
        name: base64.b64encode(part).decode() if isinstance(part, bytes) else part
        for name, part in value.items()
    }
    return {
        "stringListValues": [],
        "binaryListValues": [],
        **{name[0].lower() + name[1:]: part for name, part in parts.items()},
    }


def _sample(trigger: QueueTrigger, queue: Resource, occasion: Occasion) -> Event:
    """One message, received for the first time."""
    return sample_message(queue.name, occasion)


def sample_message(queue: str, occasion: Occasion) -> Event:
    """The event of one message of the queue with a name."""
    live = occasion.live
    message = {
        "MessageId": occasion.id,
        "ReceiptHandle": "AQEBsample",
        "Body": occasion.content,
        "MD5OfBody": hashlib.md5(occasion.content.encode(), usedforsecurity=False).hexdigest(),
        "Attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(occasion.now),
            "SenderId": live.account,
            "ApproximateFirstReceiveTimestamp": str(occasion.now + 5),
        },
    }
    arn = f"arn:{live.partition}:sqs:{live.region}:{live.account}:{queue}"
    return queue_event([message], arn, live.region)


def _delivery(trigger: QueueTrigger, arriving: Arriving) -> Delivery:
    """The batches of messages."""
    return polled(trigger.batch_size, trigger.batch_window, arriving)


def polled(batch_size: int, batch_window: int, arriving: Arriving) -> Delivery:
    """Messages as they are received and gathered for the batch window, and the polls that find none."""
    rate = arriving.per_second
    received = _between(1, rate * _POLL_SECONDS / POLLERS, _MOST_RECEIVED)
    events = _between(received, rate * batch_window / POLLERS, batch_size)
    receives = rate / received * units(received * arriving.bytes, _REQUEST)
    deletes = rate / events * units(events, _MOST_RECEIVED)
    requests = receives + deletes + _empty_polls(rate)
    return Delivery(events, {"requests": requests * SECONDS})


def _between(least: float, wanted: float, most: float) -> float:
    return min(most, max(least, wanted))


def _empty_polls(rate: float) -> float:
    """Polls a second that end without a message, where messages arrive independently of each other."""
    expected = rate * _LONG_POLL / POLLERS
    if not expected:
        return POLLERS / _LONG_POLL
    return rate / math.expm1(expected) if expected < _NEVER_EMPTY else 0.0


QUEUE_TRIGGER = TriggerKind(
    word="queue",
    section=_SECTION,
    type=QueueTrigger,
    resolve=_resolve,
    statements=_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by="send",
    delivery=_delivery,
    written=as_named,
    undelivered=all_delivered,
)
