"""A bucket's name has a prefix or suffix that S3 reserves."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
# `-an` ends the names of an account's own namespace, which not every AWS provider can make.
SUFFIXES = ("-s3alias", "--ol-s3", "--x-s3", "--table-s3", "-an")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket with a reserved beginning, or a reserved end with its suffix."""
    for bucket in pipeline.all(Bucket):
        for prefix in PREFIXES:
            if bucket.name.startswith(prefix):
                message = f"the name of a bucket cannot begin with `{prefix}`, which S3 reserves"
                yield Finding(bucket.path, message, "Choose another key, or another name.", at_key=True)
        for suffix in SUFFIXES:
            if bucket.name.endswith(suffix):
                message = f"`{bucket.name}` ends with `{suffix}`, which S3 reserves"
                yield Finding(bucket.path, message, "Choose another name, or another suffix.", at_key=True)


RULE = Rule(
    code="IOT312",
    summary="A bucket's name starts or ends with something that S3 reserves.",
    why=(
        "S3 reserves some prefixes and suffixes for itself, such as `xn--`, `sthree-` and `-s3alias`. It "
        "refuses a bucket whose name has one of them, in the middle of an apply."
    ),
    fix="Choose another key or another suffix.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    check=check,
)
