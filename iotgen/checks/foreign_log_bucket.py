"""Access logs go to a bucket that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket that exists already and takes logs, with the first that names it."""
    seen = set()
    for bucket in pipeline.all(Bucket):
        logs = bucket.access_logs
        if logs and logs.label is None and logs.key not in seen:
            seen.add(logs.key)
            message = (
                f"`{logs.key}` exists already: its own policy must let logging.s3.amazonaws.com put "
                f"the access logs of `{bucket.key}`"
            )
            hint = "Allow `s3:PutObject` for it there, with this account as `aws:SourceAccount`."
            yield Finding((*bucket.path, "access_logs", "bucket"), message, hint)


RULE = Rule(
    code="IOT427",
    severity=Severity.WARNING,
    summary="Access logs go to a bucket that exists already.",
    why=(
        "iotgen writes the policies of the buckets that it makes, and leaves others alone. Without the "
        "permission there, or in another region or account, S3 takes the setting or refuses it in the middle "
        "of an apply, and writes no logs."
    ),
    fix="Add the statement to the policy of the bucket, where that bucket is made.",
    ignore="The policy allows it already, and the bucket is in the same account and region.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
    check=check,
)
