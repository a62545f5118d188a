"""A body is asked of requests that have none."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each GET and DELETE with a schema for its body."""
    for endpoint in endpoints_of(pipeline):
        if endpoint.body is not None and endpoint.method in ("GET", "DELETE"):
            said = f"a {endpoint.method} request has no body that `{endpoint.body}` could describe"
            hint = "describe its `parameters` instead, or make it a POST"
            yield Finding((*endpoint.path, "body"), said, hint)


RULE = Rule(
    "IOT342",
    "A schema is for methods that take a body.",
    "https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.1",
    check,
    Severity.WARNING,
    fix="Describe its `parameters` instead, or make it a POST.",
)
