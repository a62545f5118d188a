"""The mean duration at which requests exhaust the reserved concurrency."""

from collections.abc import Iterator

from iotgen.checks.request_rate import PER_CALL
from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import requests_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# A reservation that is enough for a second per request is not reported.
SLOW = 1


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Report the shortest mean duration at the full rate, if under a second and under the timeout."""
    shortest: list[tuple[float, int, Function]] = []
    for function in pipeline.all(Function):
        requests = sum(endpoint.rate or 0 for endpoint in requests_of(pipeline, function))
        executions = function.request_concurrency or 0
        quick = executions < min(SLOW, function.timeout) * requests
        # At a rate that Lambda does not take at all, that is the fault, and another rule reports it.
        if executions and quick and requests <= PER_CALL * (function.reserved_concurrency or 0):
            shortest.append((executions / requests, requests, function))
    if shortest:
        mean, requests, function = min(shortest, key=lambda limit: limit[0])
        alike = [limit[2].key for limit in shortest if limit[0] == mean and limit[1] == requests]
        yield Finding(
            ("api", "throttle", "rate"),
            _message(mean, requests, function, alike),
            "Lower the rate, reserve more, or lower the queue's `max_concurrency` if calls take longer."
            if function.queue_concurrency
            else "Lower the rate or reserve more if calls take longer.",
        )


def _message(mean: float, requests: int, function: Function, alike: list[str]) -> str:
    what = "their reserved concurrency" if len(alike) > 1 else "its reserved concurrency"
    if function.queue_concurrency:
        alike = [function.key]
        what = f"the {function.request_concurrency} concurrent executions that its queue leaves"
    verb = "exhaust" if len(alike) > 1 else "exhausts"
    return (
        f"at {requests} requests/s, {listed(alike)} {verb} {what} once calls average "
        f"{mean * 1000:.0f} ms; further requests are answered 500"
    )


RULE = Rule(
    code="IOT327",
    severity=Severity.INFO,
    summary="At the full request rate, the reserved concurrency is enough only while calls are short.",
    why=(
        "The concurrency that requests need is their rate times the mean duration of a call. What queues "
        "may take of the reservation, their `max_concurrency`, is not there for requests. Lambda throttles "
        "what exceeds the rest, and API Gateway answers 500."
    ),
    fix="Measure how long calls take; lower the rate or `max_concurrency`, or reserve more, if it is longer.",
    ignore="Calls are measured to be shorter than the message says, or the full rate is never reached.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    check=check,
)
