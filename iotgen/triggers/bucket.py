"""Triggers by new objects of a bucket, one object per invocation."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.access import Grant
from iotgen.model.context import Context, label
from iotgen.model.expression import Label
from iotgen.model.policy import Statement
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import Call, Reserved, Trigger, TriggerKind
from iotgen.problem import Path

_SECTION = "buckets"


@dataclass(frozen=True, kw_only=True)
class BucketTrigger(Trigger):
    """A trigger by new objects of a bucket."""

    prefix: str
    suffix: str | None

    @property
    def events(self) -> str:
        """New objects."""
        return "new objects"

    @property
    def concurrency(self) -> int | None:
        """Unlimited: asynchronous invocations have no maximum of their own."""
        return None

    def names(self, grant: Grant) -> bool:
        """Whether `grant` is for a bucket, since an event has the bucket's name."""
        return grant.section == self.section

    def set_off_by(self, grant: Grant) -> str | None:
        """The prefix under which a function may write objects that set this off."""
        if (grant.section, grant.key) != (self.section, self.key) or "write" not in grant.verb:
            return None
        written = str(grant.verb["write"])
        return written if written.startswith(self.prefix) or self.prefix.startswith(written) else None


@dataclass(frozen=True)
class Notification:
    """A notification of a bucket: its new objects under a prefix invoke a function."""

    id: str
    function: str
    prefix: str
    suffix: str | None


def _resolve(
    _context: Context, function: Label, settings: Mapping[str, Any], path: Path, _reserved: Reserved
) -> BucketTrigger:
    bucket = label(settings["bucket"])
    return BucketTrigger(
        section=_SECTION,
        key=settings["bucket"],
        source=bucket,
        label=Label(f"{function}__{bucket}"),
        path=path,
        prefix=settings["prefix"],
        suffix=settings.get("suffix"),
    )


def _statements(_context: Context, _trigger: BucketTrigger) -> Iterator[Statement]:
    """None: a resource-based permission of the function allows S3 to invoke it."""
    yield from ()


def _render(calls: tuple[Call[BucketTrigger], ...]) -> Iterator[Rendering]:
    # One permission for each bucket, however many triggers it has.
    for call in {call.trigger.label: call for call in calls}.values():
        of_call = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "bucket_trigger", of_call)
    # A bucket has one set of notifications, so those of all functions are merged here.
    for bucket, key in {call.trigger.source: call.trigger.key for call in calls}.items():
        permissions = [call.trigger.label for call in calls if call.trigger.source == bucket]
        holes = {
            "bucket": bucket,
            "notifications": [one for source, one in _notifications(calls) if source == bucket],
            "permissions": [f"aws_lambda_permission.{name}" for name in dict.fromkeys(permissions)],
        }
        yield Rendering(_SECTION, (_SECTION, key), "bucket_notification", holes)


def _notifications(calls: tuple[Call[BucketTrigger], ...]) -> Iterator[tuple[Label, Notification]]:
    """Each trigger's bucket and notification, numbered within its function."""
    counted: Counter[str] = Counter()
    for function, trigger in ((call.function, call.trigger) for call in calls):
        name = f"{function.key}-{counted[function.key]}"
        counted[function.key] += 1
        yield trigger.source, Notification(name, function.name, trigger.prefix, trigger.suffix)


BUCKET_TRIGGER = TriggerKind(
    word="bucket",
    section=_SECTION,
    type=BucketTrigger,
    resolve=_resolve,
    statements=_statements,
    render=_render,
)
