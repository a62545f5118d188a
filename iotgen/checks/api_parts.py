"""An API with more resources than the default quota allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

LIMIT = 300


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find an API whose paths have over 300 parts, each counted once."""
    api = pipeline.one(Api)
    parts = len(api.resources) if api else 0
    if parts > LIMIT:
        message = f"the paths of the API have {parts} parts; API Gateway allows {LIMIT} by default"
        hint = "Raise `Resources per API` in Service Quotas before the first apply, or use path variables."
        yield Finding(("endpoints",), message, hint, at_key=True)


RULE = Rule(
    code="IOT353",
    severity=Severity.WARNING,
    summary="The paths of the API have more than 300 parts.",
    why=(
        "Each part of a path is a resource of the API, shared by all paths that start with it. An API has "
        "at most 300 by default; the apply fails at the next one, unless Service Quotas has raised the "
        "limit."
    ),
    fix="Use path variables, or raise the limit in Service Quotas.",
    ignore="Service Quotas has raised `Resources per API`.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
    check=check,
)
