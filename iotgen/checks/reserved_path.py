"""A path begins with `/ping` or `/sping`, which API Gateway reserves."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

RESERVED = ("ping", "sping")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each endpoint at a reserved path."""
    for endpoint in {one.route: one for one in endpoints_of(pipeline)}.values():
        if endpoint.route.split("/")[0] in RESERVED:
            first = endpoint.route.split("/")[0]
            message = (
                f"`/{first}` is reserved by API Gateway: behind a custom domain it never reaches the function"
            )
            yield Finding(endpoint.path[:2], message, "Choose another path, such as /health.", at_key=True)


RULE = Rule(
    code="IOT348",
    severity=Severity.WARNING,
    summary="A path begins with `/ping` or `/sping`, which API Gateway reserves.",
    why=(
        "API Gateway reserves `/ping` and `/sping` for the health checks of the service. At the root of an "
        "API with a custom domain name, these requests do not reach the function."
    ),
    fix="Choose another path, such as /health.",
    ignore="The API has no custom domain name.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html",
    check=check,
)
