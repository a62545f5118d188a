"""Terraform's state would be in a bucket that the spec itself makes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find a bucket of the spec that `state` names."""
    for bucket in pipeline.all(Bucket):
        if pipeline.state and bucket.may_be(pipeline.state.bucket):
            message = (
                f"`{pipeline.state.bucket}` is the bucket `{bucket.key}` of this spec: "
                "it does not exist before the first apply, and a destroy would delete the state"
            )
            yield Finding(
                ("state", "s3", "bucket"), message, "Use a bucket that is created outside of the spec."
            )


RULE = Rule(
    code="IOT364",
    summary="Terraform's state would be in a bucket that the spec itself makes.",
    why=(
        "Terraform needs its state before it creates anything, so the bucket is missing at the first apply. "
        "A destroy would delete the bucket, and the state with it."
    ),
    fix="Use a bucket that is created outside of the spec.",
    source="https://developer.hashicorp.com/terraform/language/backend/s3",
    check=check,
)
