"""A bucket with public objects names a KMS key."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket that has both."""
    for bucket in pipeline.all(Bucket):
        if bucket.public is not None and bucket.kms_key:
            message = f"`{bucket.key}` is public, but nobody can decrypt its objects without a signature"
            yield Finding((*bucket.path, "kms_key"), message, "Remove it: S3 encrypts them with its own key.")


RULE = Rule(
    code="IOT429",
    summary="A bucket with public objects names a KMS key.",
    why=(
        "To read an object that a KMS key encrypts, S3 asks KMS in the name of the caller. An anonymous "
        "one has none: S3 answers 403, although the policy allows the read."
    ),
    fix="Remove `kms_key` of the bucket, or `public`.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    check=check,
)
