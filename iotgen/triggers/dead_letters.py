"""Triggers by the dead letters of a queue, in batches.

No queue is behind a dead-letter queue: a letter at which the function fails comes back until SQS deletes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from iotgen.model.access import Grant
from iotgen.model.arn import arn
from iotgen.model.context import Context, label
from iotgen.model.cost import Arriving, Delivery
from iotgen.model.dead_letters import dead_letters_of
from iotgen.model.drawing import Edge, Relation
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Named
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    Position,
    Trigger,
    TriggerKind,
    all_delivered,
    as_named,
    no_access,
)
from iotgen.problem import Path
from iotgen.triggers.queue import LEAST_CONCURRENCY, POLLED, polled, sample_message

_QUEUES = "queues"
_REJECT = "reject"


@dataclass(frozen=True, kw_only=True)
class DeadLetterTrigger(Trigger):
    """A trigger by the dead letters of the queue `key`, which are in the queue `name`."""

    asynchronous: ClassVar[bool] = False
    # Lambda deletes what a filter leaves out.
    filters: ClassVar[tuple[Mapping[str, Any], ...]] = ()

    key: str
    name: str
    source_arn: Reference
    batch_size: int
    batch_window: int
    max_concurrency: int | None
    report_failures: bool
    enabled: bool

    @property
    def polled(self) -> Named:
        """The queue."""
        return (_QUEUES, self.key)

    @property
    def only(self) -> Named:
        """The dead letters, beside which the queue itself may trigger the function."""
        return ("dead letters", self.key)

    @property
    def events(self) -> str:
        """Dead letters."""
        return "dead letters"

    @property
    def amount(self) -> str:
        """A batch."""
        size = f"batches of {self.batch_size}" if self.batch_size > 1 else "one by one"
        return f"dead letters, {size}"

    @property
    def subject(self) -> str:
        """Those of the queue."""
        return f"{self.events} of `{self.key}`"

    @property
    def concurrency(self) -> int | None:
        """The trigger's maximum; without one there is no reservation that it could take."""
        return self.max_concurrency or 0

    def drawing(self, function: Path) -> Iterator[Edge]:
        """An edge from the queue."""
        queue = (_QUEUES, self.key)
        yield Edge(tail=queue, head=function, text=self.amount, accent=queue, relation=Relation.CALL)

    def set_off_by(self, grant: Grant) -> str | None:
        """The queue, if a function may reject its messages."""
        same = (grant.section, grant.key) == (_QUEUES, self.key)
        return self.key if same and _REJECT in grant.verbs else None


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> DeadLetterTrigger:
    key = settings["dead_letters"]
    place = position.of(context, _QUEUES, key, "dlq")
    least = None if position.reserved is None else LEAST_CONCURRENCY
    return DeadLetterTrigger(
        label=place["label"],
        path=place["path"],
        former=place["former"],
        key=key,
        name=dead_letters_of(context, key),
        source_arn=Reference(f"aws_sqs_queue.{label(key)}_dlq.arn"),
        batch_size=settings["batch_size"],
        batch_window=settings["batch_window"],
        max_concurrency=settings.get("max_concurrency", least),
        report_failures=settings["report_failures"],
        enabled=settings["enabled"],
    )


def _statements(context: Context, trigger: DeadLetterTrigger) -> Iterator[Statement]:
    """The permissions that Lambda's poller needs in the function's role."""
    yield Statement(
        statement_id("consume", "dead-letters", trigger.key),
        POLLED,
        (arn("sqs", context.region, trigger.name),),
    )


def _render(calls: tuple[Call[DeadLetterTrigger], ...]) -> Iterator[Rendering]:
    for call in calls:
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "queue_trigger", holes, moved=call.trigger.moved)


def _sample(trigger: DeadLetterTrigger, _resource: None, occasion: Occasion) -> Event:
    """One letter, received for the first time."""
    return sample_message(trigger.name, occasion)


def _delivery(trigger: DeadLetterTrigger, arriving: Arriving) -> Delivery:
    """As messages are received."""
    return polled(trigger.batch_size, trigger.batch_window, arriving)


DEAD_LETTER_TRIGGER = TriggerKind(
    word="dead_letters",
    section=_QUEUES,
    type=DeadLetterTrigger,
    resolve=_resolve,
    statements=_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=_REJECT,
    delivery=_delivery,
    written=as_named,
    undelivered=all_delivered,
)
