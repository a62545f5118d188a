"""A bucket that takes access logs names a KMS key."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket that takes logs and has a key, once."""
    logged = {one.access_logs.key: one.key for one in reversed(pipeline.all(Bucket)) if one.access_logs}
    for bucket in pipeline.all(Bucket):
        if bucket.kms_key and bucket.key in logged:
            message = (
                f"`{bucket.key}` takes the access logs of `{logged[bucket.key]}`, "
                "which S3 cannot write with a KMS key"
            )
            hint = "Remove it: S3 encrypts the logs with its own key."
            yield Finding((*bucket.path, "kms_key"), message, hint)


RULE = Rule(
    code="IOT426",
    summary="A bucket that takes access logs names a KMS key.",
    why=(
        "S3 delivers access logs only into a bucket that it encrypts with its own key by default. It takes "
        "another setting, and then delivers nothing."
    ),
    fix="Remove `kms_key` of the bucket that takes the logs.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    check=check,
)
