"""Topics as SNS keeps them: what was published, and who hears of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from iotgen.prove.aws.errors import refusal


@dataclass(frozen=True, slots=True)
class Notification:
    """What was published, and when, in microseconds."""

    at: int
    subject: str
    message: str
    attributes: Any


@dataclass
class Topic:
    """A topic; `heard` takes each notification to those who subscribed."""

    arn: str
    published: list[Notification] = field(default_factory=list)
    heard: Callable[[Notification], None] = lambda _: None


@dataclass
class Sns:
    """The topics of an account."""

    topics: dict[str, Topic]
    now: Callable[[], int]
    number: Callable[[], str]

    def publish(self, **given: Any) -> Any:
        """Tell all who subscribed."""
        topic = self.topics.get(given.get("TopicArn") or given.get("TargetArn") or "")
        if topic is None:
            raise refusal("Publish", "NotFound", "Topic does not exist", 404)
        notification = Notification(
            self.now(), given.get("Subject", ""), given["Message"], given.get("MessageAttributes") or {}
        )
        topic.published.append(notification)
        topic.heard(notification)
        return {"MessageId": self.number()}
