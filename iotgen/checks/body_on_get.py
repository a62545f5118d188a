"""A GET, HEAD or DELETE endpoint has a schema for a body."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each GET, HEAD and DELETE with a schema for its body."""
    for endpoint in endpoints_of(pipeline):
        if endpoint.body is not None and endpoint.method in ("GET", "HEAD", "DELETE"):
            message = f"a {endpoint.method} request has no body, so `{endpoint.body}` describes nothing"
            hint = "List its `parameters` instead, or change the method to POST."
            yield Finding((*endpoint.path, "body"), message, hint)


RULE = Rule(
    code="IOT342",
    severity=Severity.WARNING,
    summary="A GET, HEAD or DELETE endpoint has a schema for a body.",
    why=(
        "HTTP defines no meaning for the body of a GET, HEAD or DELETE request, and some clients and "
        "proxies drop it. API Gateway would then reject the request."
    ),
    fix="List its `parameters` instead, or change the method to POST.",
    ignore="You know that every caller sends a body with this method.",
    source="https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.1",
    check=check,
)
