"""Events of a bucket's objects that queues and topics get, beside those that invoke functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Named
from iotgen.problem import Path

SECTION = "buckets"
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
CREATED = "s3:ObjectCreated:*"
EVENTS = {
    "created": CREATED,
    "removed": "s3:ObjectRemoved:*",
    "restored": "s3:ObjectRestore:*",
    "expired": "s3:LifecycleExpiration:*",
    "tagged": "s3:ObjectTagging:*",
}
# What must be there before, as S3 tries the receiver at once: the policy of a queue is a part of it.
_POLICIES = {"queues": "aws_sqs_queue", "topics": "aws_sns_topic_policy"}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Events, in S3's words, for the queue or topic `to`; `after` is what an apply makes first."""

    id: str
    to: Named
    arn: str | Expression
    events: tuple[str, ...]
    prefix: str | None
    suffix: str | None
    path: Path
    after: str | None


def events_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The events of a setting, in S3's words; by default, that an object was created."""
    return tuple(EVENTS[event] for event in settings.get("events", ("created",)))


def notices(context: Context, bucket: str) -> tuple[Notice, ...]:
    """Those of a bucket whose receivers are declared."""
    written = context.data[SECTION][bucket].get("notify", ())
    return tuple(
        _notice(context, settings, (SECTION, bucket, "notify", index), f"{word}-{settings[word]}-{index}")
        for index, settings in enumerate(written)
        for word in ("queue", "topic")
        if word in settings
        and context.has(f"{word}s", settings[word], (SECTION, bucket, "notify", index, word))
    )


def _notice(context: Context, settings: Mapping[str, Any], path: Path, name: str) -> Notice:
    section = "queues" if "queue" in settings else "topics"
    key = settings[section[:-1]]
    own = context.existing(section, key) is None
    return Notice(
        id=name,
        to=(section, key),
        arn=context.arn(section, key),
        events=events_of(settings),
        prefix=settings.get("prefix"),
        suffix=settings.get("suffix"),
        path=path,
        after=f"{_POLICIES[section]}.{label(key)}" if own else None,
    )
