"""A website of a bucket answers over HTTP only."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each website."""
    for bucket in pipeline.all(Bucket):
        if bucket.website:
            message = (
                f"the website of `{bucket.key}` has no HTTPS: whoever is on the way may change its pages"
            )
            hint = "For HTTPS, put CloudFront before it, in a file under `terraform/`."
            yield Finding((*bucket.path, "website"), message, hint)


RULE = Rule(
    code="IOT408",
    severity=Severity.WARNING,
    summary="A website of a bucket answers over HTTP only.",
    why=(
        "S3 has no HTTPS at the address of a website, whatever the name of the bucket is. What its pages "
        "send to an API is encrypted, but they themselves may have been changed on the way. So that the "
        "website can be read at all, the bucket's policy lets objects be read without TLS, signed reads too."
    ),
    fix="Put CloudFront before the website, and hand out its address.",
    ignore="CloudFront or another proxy stands before it, or the pages are for tests.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html",
    check=check,
)
