"""The API has keys that no endpoint asks for."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find keys, a quota or a throttle of keys, where no endpoint asks for a key."""
    api = pipeline.one(Api)
    if api is None or any(endpoint.auth.api_key for endpoint in api.endpoints):
        return
    if api.plan and pipeline.settled(("endpoints",)):
        message = "no endpoint asks for an API key, so the keys limit nobody"
        hint = "Write `auth: api_key`, or `api_key: true` beside another `auth`, at endpoints."
        yield Finding(("api", "keys"), message, hint, at_key=True)


RULE = Rule(
    code="IOT435",
    severity=Severity.WARNING,
    summary="The API has keys that no endpoint asks for.",
    why=(
        "A usage plan meters requests to methods that require an API key. Requests to all others are "
        "neither counted nor limited by it, with or without a key in them."
    ),
    fix="Have endpoints ask for a key, or remove `keys`.",
    ignore="Callers are to get their keys before the endpoints ask for them.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check=check,
)
