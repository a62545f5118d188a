"""An endpoint does not validate its requests."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each method with a body but no schema, and each GET that lists no parameters."""
    for endpoint in endpoints_of(pipeline):
        if not pipeline.settled(endpoint.path):
            continue
        if endpoint.method in ("POST", "PUT", "PATCH") and endpoint.body is None:
            message = f"`{endpoint.behind}` receives unvalidated bodies: the endpoint has no `body`"
            hint = "Set `body` to the path of a JSON Schema."
            yield Finding(endpoint.path, message, hint, at_key=True)
        elif endpoint.method == "GET" and "parameters" not in endpoint.written and "{" not in endpoint.route:
            message = f"`{endpoint.behind}` receives unvalidated queries: the endpoint has no `parameters`"
            hint = "List its query parameters, or write `parameters: {}` if it takes none."
            yield Finding(endpoint.path, message, hint, at_key=True)


RULE = Rule(
    code="IOT341",
    severity=Severity.WARNING,
    summary="An endpoint does not validate its requests.",
    why=(
        "API Gateway can check a body against a model, and that required parameters are present, and "
        "answers 400 itself. Without either, every request reaches the function and costs an invocation."
    ),
    fix="Set `body` to the path of a JSON Schema, or list the query parameters.",
    ignore="The function validates everything itself.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
    check=check,
)
