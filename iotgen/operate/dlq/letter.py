"""A dead letter: a message of a dead-letter queue, and why it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from iotgen.model.trigger import Undelivered
from iotgen.operate.dlq.rule_report import RuleReport, rule_report
from iotgen.operate.dlq.shape import Shape, shape_of
from iotgen.triggers import TRIGGERS

UNKNOWN = "no reason noted"
TOO_OFTEN = "no reason noted: received more often than `max_receives` allows"


@dataclass(frozen=True)
class DeadLetter:
    """A message; `attributes` are its own and `system` those of SQS, both as SQS has them."""

    id: str
    receipt: str = field(repr=False)
    body: str
    md5: str
    attributes: Mapping[str, Mapping[str, Any]]
    system: Mapping[str, str]

    @property
    def sent_ms(self) -> int:
        """When it was first sent, in milliseconds since 1970; 0 if SQS does not say."""
        return int(self.system.get("SentTimestamp", 0))

    @property
    def sent(self) -> datetime:
        """When it was first sent."""
        return datetime.fromtimestamp(self.sent_ms / 1000, UTC)

    @property
    def receives(self) -> int:
        """How often it was received; looking at it counts as well."""
        return int(self.system.get("ApproximateReceiveCount", 0))

    @property
    def group(self) -> str:
        """The group within which a FIFO queue keeps its order; empty if it has none."""
        return self.system.get("MessageGroupId", "")

    @property
    def reason(self) -> str:
        """Why it is dead, as far as anything notes it.

        Lambda notes the error of an event that failed, and the `reason` of a reading is the handler's that
        rejects it: https://docs.aws.amazon.com/lambda/latest/dg/dlq.html. What SQS itself has moved may
        still have the attribute from when it was rejected before. What a service could not hand on, it notes
        in its own way.
        """
        if "DeadLetterQueueSourceArn" in self.system:
            return TOO_OFTEN
        texts = self._texts
        noted = (
            texts.get("reason"),
            self.undelivered.reason if self.undelivered else "",
            texts.get("ErrorMessage"),
            self.report.reason if self.report else "",
        )
        return next((text for text in noted if text), UNKNOWN)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The attributes that are texts."""
        found = ((name, attribute.get("StringValue")) for name, attribute in self.attributes.items())
        return {name: text for name, text in found if text is not None}

    @cached_property
    def undelivered(self) -> Undelivered | None:
        """What the source of a function's events could not deliver, if the message is that."""
        found = (kind.undelivered(self.body, self._texts) for kind in TRIGGERS)
        return next((one for one in found if one), None)

    @property
    def event(self) -> str:
        """The event for a function, as JSON: the body, unless a source could not deliver it."""
        return self.undelivered.event if self.undelivered else self.body

    @cached_property
    def report(self) -> RuleReport | None:
        """What a rule of AWS IoT reports in it, if anything."""
        return rule_report(self.body)

    @property
    def content(self) -> str:
        """What to read of it: its body, or the message that a rule's report is about."""
        return self.report.text if self.report else self.body

    @cached_property
    def shape(self) -> Shape:
        """The structure of its content."""
        return shape_of(self.content)


def letter_of(message: Mapping[str, Any]) -> DeadLetter:
    """The letter in a message as SQS returns it."""
    return DeadLetter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        md5=message["MD5OfBody"],
        attributes=message.get("MessageAttributes", {}),
        system=message.get("Attributes", {}),
    )


@dataclass(frozen=True)
class Filter:
    """Which letters: by a text in their reason, by their shape, and by the beginnings of their ids."""

    reason: str | None = None
    shape: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def takes_all(self) -> bool:
        """Whether it takes every letter."""
        return not (self.reason or self.shape or self.ids)

    def takes(self, letter: DeadLetter) -> bool:
        """Whether it takes a letter."""
        return (
            (self.reason or "").lower() in letter.reason.lower()
            and letter.shape.id.startswith(self.shape or "")
            and (not self.ids or letter.id.startswith(self.ids))
        )


ALL = Filter()
