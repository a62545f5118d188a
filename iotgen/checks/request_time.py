"""How long a request may take before the reserved calls are all in use."""

from collections import Counter
from collections.abc import Iterator

from iotgen.checks.request_rate import PER_CALL
from iotgen.checks.rule import Finding, Rule, listed
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity

# Who gives each request a second and more has room that needs no telling.
SLOW = 1


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Tell the time of a request at the full rate, where that is under a second and under the timeout."""
    rate = pipeline.api.rate if pipeline.api else None
    if not rate:
        return
    endpoints = Counter(endpoint.function.key for endpoint in pipeline.endpoints)
    times: dict[float, list[str]] = {}
    for function in pipeline.functions:
        requests = rate * endpoints[function.key]
        reserved = function.reserved_concurrency or 0
        if reserved < min(SLOW, function.timeout) * requests and requests <= PER_CALL * reserved:
            times.setdefault(reserved / requests, []).append(function.key)
    if times:
        shortest = min(times)
        said = (
            f"at the full {rate} requests a second, a call of {listed(times[shortest])} may take "
            f"{shortest * 1000:.0f} ms on average: then all reserved calls are in use, and more requests fail"
        )
        yield Finding(
            ("api", "throttle", "rate"), said, "lower the rate or reserve more if calls take longer"
        )


RULE = Rule(
    "IOT327",
    "The reserved calls are enough for the rate of requests.",
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    check,
    Severity.INFO,
    fix="Measure how long calls take; lower the rate or reserve more if it is longer.",
)
