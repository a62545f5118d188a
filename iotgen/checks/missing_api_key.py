"""An endpoint asks for an API key, and there is none."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the endpoints that ask for a key of an API without `keys`."""
    api = pipeline.one(Api)
    asking = [endpoint for endpoint in api.endpoints if endpoint.auth.api_key] if api else []
    if api and asking and api.plan is None and pipeline.settled(("api", "keys")):
        message = f"nobody can call {listed([one.title for one in asking])}: the API has no `keys`"
        yield Finding(asking[0].path, message, "Add `keys: [gateway]` to `api`.", at_key=True)


RULE = Rule(
    code="IOT433",
    severity=Severity.WARNING,
    summary="An endpoint asks for an API key, and the API has none.",
    why=(
        "API Gateway answers 403 to each request without a key that belongs to a usage plan of the API's "
        "stage. Without `keys` there is no such plan, so nobody can call the endpoint."
    ),
    fix="List the keys under `keys` of `api`.",
    ignore="The usage plan and its keys are made elsewhere.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check=check,
)
