"""The API accepts other accounts, and no endpoint asks its callers to sign."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find an `accept` of the API that no endpoint is for."""
    api = pipeline.one(Api)
    if api and api.accepted and not any(endpoint.is_signed for endpoint in api.endpoints):
        message = "`accept` is for endpoints whose callers sign, and this API has none"
        hint = "Write `auth: iam` for the endpoints that they call, or remove `accept`."
        yield Finding(("api", "accept"), message, hint, at_key=True)


RULE = Rule(
    code="IOT443",
    severity=Severity.WARNING,
    summary="The API accepts other accounts, and no endpoint asks its callers to sign.",
    why=(
        "API Gateway knows the account of a caller by the signature alone. Where an endpoint asks for none, "
        "it knows no accounts: those under `accept` get nothing by it, and all others may call just as well."
    ),
    fix="Write `auth: iam` for the endpoints that they call, or remove `accept`.",
    ignore="Such an endpoint is about to be added.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
    check=check,
)
