"""Which buckets have to tell EventBridge of their objects, as S3 does so only where it is switched on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-event-notifications-eventbridge.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from iotgen.model.context import Context
from iotgen.model.naming import with_names

_SECTION = "buckets"
_SOURCE = "aws.s3"
# CloudTrail sends these, whatever is switched on.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
_OF_CLOUDTRAIL = "via CloudTrail"


def tells_eventbridge(context: Context, bucket: str) -> bool:
    """Whether a pattern of the spec is on events of the bucket's objects.

    One that names no bucket is on those of all of the spec's own.
    """
    return any(_is_on(context, pattern, bucket) for pattern in _patterns(context))


def _patterns(context: Context) -> Iterator[Mapping[str, Any]]:
    """Those on the default bus, the only one that gets such events."""
    # Triggers report faults themselves.
    apart = replace(context.references, followed=set(), lost={})
    silent = replace(context, references=apart, report=lambda _finding: None)
    for section in ("functions", "workflows"):
        for settings in context.data[section].values():
            for trigger in settings.get("triggers", ()):
                if "event" in trigger and trigger.get("bus", "default") == "default":
                    yield with_names(silent, trigger["event"], ())
    for settings in context.data["events"].values():
        if "pattern" in settings and settings.get("bus", "default") == "default":
            yield with_names(silent, settings["pattern"], ())


def _is_on(context: Context, pattern: Mapping[str, Any], bucket: str) -> bool:
    own = "existing" not in context.data[_SECTION][bucket]
    if not any(_fits(one, _SOURCE, other=False) for one in _values(pattern.get("source"))):
        return False
    kinds = _values(pattern.get("detail-type"))
    if kinds and all(isinstance(one, str) and one.endswith(_OF_CLOUDTRAIL) for one in kinds):
        return False
    detail = pattern.get("detail")
    about = detail.get("bucket") if isinstance(detail, Mapping) else None
    names = _values(about.get("name") if isinstance(about, Mapping) else None)
    arns = _values(pattern.get("resources"))
    if not names and not arns:
        return own
    name, arn = str(context.full_name(_SECTION, bucket)), str(context.arn(_SECTION, bucket))
    return any(_fits(one, name, other=own) for one in names) or any(
        _fits(one, arn, other=own) for one in arns
    )


def _values(written: Any) -> Sequence[Any]:
    return written if isinstance(written, list) else ()


def _fits(wanted: Any, value: str, *, other: bool) -> bool:
    """Whether a value is wanted, or one that begins so; `other` for any other comparison."""
    if not isinstance(wanted, Mapping):
        return str(wanted) == value
    prefix = wanted.get("prefix")
    return other if prefix is None or isinstance(prefix, Mapping) else value.startswith(str(prefix))
