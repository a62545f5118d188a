"""Triggers by events of a bucket's objects, one object per invocation."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import quote_plus

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.expression import Expression, Joined, Label
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
    no_statements,
    one_by_one,
)
from iotgen.problem import Path
from iotgen.triggers.eventbridge import tells_eventbridge
from iotgen.triggers.notices import CREATED, EVENTS, Notice, events_of, notices
from iotgen.triggers.permission import permission

_SECTION = "buckets"


@dataclass(frozen=True, kw_only=True)
class BucketTrigger(ResourceTrigger):
    """A trigger by events of a bucket's objects: its `kinds`, in S3's words."""

    bucket: str | Expression
    notices: tuple[Notice, ...]
    eventbridge: bool
    prefix: str
    suffix: str | None
    kinds: tuple[str, ...]

    @property
    def events(self) -> str:
        """What happened to which objects, in words."""
        return " and ".join(self._words) + " objects"

    @property
    def amount(self) -> str:
        """One, with this prefix and suffix."""
        return f"{' and '.join(self._words)} {self.prefix}*{self.suffix or ''}"

    @property
    def _words(self) -> tuple[str, ...]:
        words = {event: word for word, event in EVENTS.items()} | {CREATED: "new"}
        return tuple(words[kind] for kind in self.kinds)

    def names(self, grant: Grant) -> bool:
        """Whether `grant` is for a bucket, since an event has the bucket's name."""
        return grant.section == self.section

    def set_off_by(self, grant: Grant) -> str | None:
        """The prefix under which a function may write or delete objects that set this off."""
        if (grant.section, grant.key) != (self.section, self.key):
            return None
        causes = {"write": CREATED, "delete": EVENTS["removed"]}
        for verb, scope in grant.verb.items():
            if causes.get(verb) in self.kinds and (
                scope.startswith(self.prefix) or self.prefix.startswith(scope)
            ):
                return scope or self.key
        return None


@dataclass(frozen=True)
class Notification:
    """A notification of a bucket: events of its objects under a prefix invoke a function."""

    id: str
    function: Resource
    prefix: str | None
    suffix: str | None
    events: tuple[str, ...]


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> BucketTrigger:
    key = settings["bucket"]
    return BucketTrigger(
        **position.of(context, _SECTION, key),
        bucket=context.attribute(_SECTION, key, "id"),
        notices=notices(context, key),
        eventbridge=tells_eventbridge(context, key),
        prefix=settings.get("prefix", ""),
        suffix=settings.get("suffix"),
        kinds=events_of(settings),
    )


def _render(calls: tuple[Call[BucketTrigger], ...]) -> Iterator[Rendering]:
    # One permission for each bucket, however many triggers it has.
    for call in {call.trigger.label: call for call in calls}.values():
        source, statement = call.trigger.source_arn, f"bucket-{call.trigger.key}"
        yield permission(call, statement, "s3.amazonaws.com", source, names_account=False)
    # A bucket has one set of notifications, so those of all functions are merged here.
    for bucket, trigger in {call.trigger.source: call.trigger for call in calls}.items():
        yield notification(
            bucket,
            trigger.bucket,
            (_SECTION, trigger.key),
            trigger.notices,
            functions=[one for source, one in _notifications(calls) if source == bucket],
            permissions=[call.trigger.label for call in calls if call.trigger.source == bucket],
            former=trigger.former_sources,
            eventbridge=trigger.eventbridge,
        )


def notification(
    bucket: Label,
    name: str | Expression,
    path: Path,
    of_others: tuple[Notice, ...],
    *,
    functions: Sequence[Notification] = (),
    permissions: Sequence[Label] = (),
    former: tuple[Label, ...] = (),
    eventbridge: bool = False,
) -> Rendering:
    """The one set of notifications of a bucket."""
    after = [f"aws_lambda_permission.{label}" for label in dict.fromkeys(permissions)]
    after += dict.fromkeys(one.after for one in of_others if one.after)
    holes = {
        "bucket": bucket,
        "name": name,
        "notifications": functions,
        "queues": [one for one in of_others if one.to[0] == "queues"],
        "topics": [one for one in of_others if one.to[0] == "topics"],
        "eventbridge": True if eventbridge else None,
        "after": after or None,
    }
    return Rendering(_SECTION, path, "bucket_notification", holes, moved={bucket: former})


def _notifications(calls: tuple[Call[BucketTrigger], ...]) -> Iterator[tuple[Label, Notification]]:
    """Each trigger's bucket and notification, numbered within its function."""
    counted: Counter[str] = Counter()
    for function, trigger in ((call.function, call.trigger) for call in calls):
        name = f"{function.key}-{counted[function.key]}"
        counted[function.key] += 1
        yield (
            trigger.source,
            Notification(name, function, trigger.prefix or None, trigger.suffix, trigger.kinds),
        )


def _access(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """To read the objects: an event only names them."""
    return {_SECTION: {settings["bucket"]: {"read": settings.get("prefix", "")}}}


class _Bucket(Protocol):
    @property
    def full_name(self) -> Joined: ...


def _sample(trigger: BucketTrigger, bucket: _Bucket, occasion: Occasion) -> Event:
    """A new object: the first one there whose key the trigger takes, or else one that is not there.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    live = occasion.live
    name = live.text(bucket.full_name)
    there = live.client("s3").list_objects_v2(Bucket=name, Prefix=trigger.prefix, MaxKeys=100)
    keys = [thing for thing in there.get("Contents", ()) if thing["Key"].endswith(trigger.suffix or "")]
    invented = {
        "Key": f"{trigger.prefix}sample{trigger.suffix or ''}",
        "Size": len(occasion.content.encode()),
        "ETag": hashlib.md5(occasion.content.encode(), usedforsecurity=False).hexdigest(),
    }
    thing: Mapping[str, Any] = keys[0] if keys else invented
    at = datetime.fromtimestamp(occasion.now / 1000, UTC).isoformat(timespec="milliseconds")
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": live.region,
        "eventTime": at.replace("+00:00", "Z"),
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": f"AWS:{live.account}"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "SAMPLE0000000000", "x-amz-id-2": "SAMPLE"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "sample",
            "bucket": {
                "name": name,
                "ownerIdentity": {"principalId": "SAMPLE"},
                "arn": f"arn:{live.partition}:s3:::{name}",
            },
            "object": {
                "key": quote_plus(thing["Key"], safe="/"),
                "size": thing["Size"],
                "eTag": str(thing["ETag"]).strip('"'),
                "sequencer": f"{occasion.now:016X}",
            },
        },
    }
    return {"Records": [record]}


BUCKET_TRIGGER = TriggerKind(
    word="bucket",
    section=_SECTION,
    type=BucketTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=_access,
    sample=_sample,
    fed_by="write",
    delivery=one_by_one,
    written=as_named,
    undelivered=all_delivered,
)
