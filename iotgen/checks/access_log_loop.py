"""The access logs of a bucket come back to it."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket whose logs lead back to it, over as many others as there are; each circle once."""
    known: set[str] = set()
    takers = {
        bucket.key: bucket.access_logs.key
        for bucket in pipeline.all(Bucket)
        if bucket.access_logs is not None
    }
    for bucket in pipeline.all(Bucket):
        way = _way(takers, bucket.key)
        if bucket.key not in way[1:] or bucket.key in known:
            continue
        known |= {*way}
        over = " and ".join(f"`{key}`" for key in way[1:-1])
        message = f"the access logs of `{bucket.key}` come back to it" + (f", by {over}" if over else "")
        hint = "Name a bucket without access logs of its own."
        yield Finding((*bucket.path, "access_logs", "bucket"), message, hint)


def _way(takers: dict[str, str], start: str) -> list[str]:
    """The buckets that logs of `start` cause logs in, until one is there twice."""
    way = [start]
    while (after := takers.get(way[-1])) is not None:
        way.append(after)
        if after in way[:-1]:
            break
    return way


RULE = Rule(
    code="IOT425",
    severity=Severity.WARNING,
    summary="The access logs of a bucket come back to it.",
    why=(
        "Each log that S3 writes is a request to the bucket that takes it. Where that one logs its requests "
        "into the first, each log causes another one: they never end, and each costs storage. S3 allows it."
    ),
    fix="Name a bucket that has no access logs of its own.",
    ignore="The logs of the logs are wanted too, and `expire_days` ends them.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    check=check,
)
