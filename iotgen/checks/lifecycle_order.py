"""Objects of a bucket move or end in an order that S3 does not take."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
_LEAST_INFREQUENT = 30


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each setting that comes too early after the one before it."""
    for bucket in pipeline.all(Bucket):
        for path, days in bucket.steps:
            yield from _early(path, days)


def _early(path: Path, days: Mapping[str, Any]) -> Iterator[Finding]:
    for before, after in pairwise(days):
        least = days[before] + (_LEAST_INFREQUENT if before == "infrequent_days" else 1)
        if before == "infrequent_days" and after == "expire_days":
            least = days[before] + 1
        if days[after] < least:
            message = (
                f"`{after}` is {days[after]}, but S3 wants at least {least} after `{before}: {days[before]}`"
            )
            yield Finding((*path, after), message, f"Set it to {least} or more, or omit `{before}`.")


RULE = Rule(
    code="IOT471",
    summary="Objects of a bucket move or end in an order that S3 does not take.",
    why=(
        "Objects move from one class of storage to the next, and end after that. From infrequent access they "
        "move on after 30 days there. S3 refuses any other lifecycle while it is deployed."
    ),
    fix="Give each step more days than the one before it.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    check=check,
)
