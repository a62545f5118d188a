"""The endpoints let more requests through than the reserved concurrency can serve."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import requests_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

PER_CALL = 10


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function whose endpoints let through over ten requests/s per unit of concurrency."""
    reported: set[Path] = set()
    for function in pipeline.all(Function):
        path = function.setting("reserved_concurrency")
        requests = sum(endpoint.rate or 0 for endpoint in requests_of(pipeline, function))
        most = PER_CALL * (function.reserved_concurrency or 0)
        if 0 < most < requests and path not in reported:
            reported.add(path)
            message = (
                f"the endpoints of `{function.key}` allow {requests} requests/s, but a reserved concurrency "
                f"of {function.reserved_concurrency} serves at most {most}; further requests are answered 500"
            )
            yield Finding(path, message, f"Reserve at least {-(-requests // PER_CALL)}, or lower `throttle`.")


RULE = Rule(
    code="IOT328",
    severity=Severity.WARNING,
    summary="The endpoints let more requests through than the reserved concurrency can serve.",
    why=(
        "Lambda serves at most ten requests a second for each unit of a function's concurrency, however "
        "short the calls are. It throttles the rest of what `throttle` lets through, and API Gateway "
        "answers 500."
    ),
    fix="Reserve more, or lower `throttle`.",
    ignore="Callers never send at the full rate.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling",
    check=check,
)
