"""A function uses a resource that exists in another region."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each grant on a resource of another region."""
    for function in pipeline.all(Function):
        for grant in function.grants:
            region = grant.outside.region if grant.outside else None
            if region not in (None, pipeline.region):
                message = (
                    f"`{grant.key}` is in {region}: a client that `{function.key}` makes without "
                    f"`region_name` looks in {pipeline.region}"
                )
                hint = f'Make the client by `boto3.client("{grant.access.service}", region_name="{region}")`.'
                yield Finding(grant.path, message, hint)


RULE = Rule(
    code="IOT418",
    severity=Severity.WARNING,
    summary="A function uses a resource that exists in another region.",
    why=(
        "A boto3 client works in one region, by default in that of the function. There the resource does not "
        "exist, so that calls fail although the role allows them."
    ),
    fix="Give the client the resource's region, or use a resource in the pipeline's region.",
    ignore="The handler makes its client for that region.",
    source="https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html",
    check=check,
)
