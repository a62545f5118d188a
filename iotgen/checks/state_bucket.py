"""Terraform's state would be in a bucket that Terraform makes and removes."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.names import is_name
from iotgen.model.pipeline import Pipeline, Sources


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find a bucket of the spec that is to hold the state."""
    for bucket in pipeline.buckets:
        if pipeline.state and is_name(bucket.name, pipeline.state.bucket):
            said = (
                f"`{pipeline.state.bucket}` is the bucket `{bucket.key}` of this spec: "
                "it isn't there before the first apply, and a destroy would delete the state"
            )
            yield Finding(("state", "s3", "bucket"), said, "keep the state in a bucket made elsewhere")


RULE = Rule(
    "IOT364",
    "The state is in a bucket that the spec does not make.",
    "https://developer.hashicorp.com/terraform/language/backend/s3",
    check,
    fix="Keep the state in a bucket that is made elsewhere.",
)
