"""A function behind an endpoint may run longer than API Gateway waits."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

LIMIT = 29


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function behind an endpoint that may take 29 seconds or more."""
    behind = (endpoint.function for endpoint in endpoints_of(pipeline))
    functions = {function.key: function for function in behind if function}
    reported: set[Path] = set()
    for function in functions.values():
        path = function.setting("timeout")
        if function.timeout >= LIMIT and path not in reported:
            reported.add(path)
            message = (
                f"`{function.key}` may run for {function.timeout} s, "
                f"but API Gateway answers 504 after {LIMIT} s"
            )
            yield Finding(path, message, f"Set `timeout` to less than {LIMIT}.")


RULE = Rule(
    code="IOT340",
    severity=Severity.WARNING,
    summary="A function behind an endpoint may run longer than API Gateway waits.",
    why=(
        "API Gateway waits 29 seconds for a function and then answers 504. The function runs on and may "
        "still write, while the caller takes the request for failed and repeats it."
    ),
    fix="Set `timeout` to less than 29.",
    ignore="Only its other triggers keep the function busy for so long, not the endpoint.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
    check=check,
)
