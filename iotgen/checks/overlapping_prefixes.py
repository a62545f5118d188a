"""Two triggers of a bucket overlap."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.bucket import BucketTrigger


def _overlap(one: BucketTrigger, other: BucketTrigger) -> bool:
    prefixes = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
    first, second = one.suffix or "", other.suffix or ""
    return prefixes and (first.endswith(second) or second.endswith(first))


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger that overlaps an earlier one of its bucket."""
    seen: list[BucketTrigger] = []
    for function in pipeline.all(Function):
        for trigger in function.by(BucketTrigger):
            for other in seen:
                if other.key == trigger.key and _overlap(trigger, other):
                    message = (
                        f"`{trigger.prefix}` overlaps `{other.prefix}`: S3 allows one trigger per object"
                    )
                    yield Finding((*trigger.path, "prefix"), message, "Choose prefixes that do not overlap.")
                    break
            seen.append(trigger)


RULE = Rule(
    code="IOT360",
    summary="Two triggers of a bucket overlap.",
    why=(
        "S3 refuses event notifications whose prefixes and suffixes both overlap for the same kind of "
        "event, since an object would then match two of them. The apply fails at the notifications of the "
        "bucket."
    ),
    fix="Choose prefixes that do not overlap.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html",
    check=check,
)
