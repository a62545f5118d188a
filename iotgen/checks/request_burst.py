"""A burst of requests may exceed the concurrency of a function or the quota of the account."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, requests_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# The default quota that all REST APIs of an account and region share.
ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Compare bursts with the concurrency of each function, then the sum of all with the account's limits."""
    api = pipeline.one(Api)
    if api is None or not api.rate:
        return
    burst = api.burst or api.rate
    behind = [(function, len(requests_of(pipeline, function))) for function in pipeline.all(Function)]
    most = [
        (function.request_concurrency // endpoints, function, endpoints)
        for function, endpoints in behind
        if function.request_concurrency and endpoints
    ]
    least, function, endpoints = min(most, key=lambda bound: bound[0], default=(burst, None, 0))
    if function and least < burst:
        requests = burst * endpoints
        message = (
            f"{requests} requests may reach `{function.key}` at once, but it has "
            f"{function.request_concurrency} concurrent executions for them: "
            "Lambda throttles the others, which are answered 500"
        )
        hint = (
            f"Set `burst: {max(1, least)}` to have API Gateway answer them 429, or reserve more. If calls "
            "are short, a larger burst is fine."
        )
        yield Finding(("api", "throttle", "burst"), message, hint)
        return
    every = api.endpoints
    yield from _shared(sum(one.rate or 0 for one in every), sum(one.burst or 0 for one in every))


def _shared(rate: int, burst: int) -> Iterator[Finding]:
    """Compare the sum of all endpoints with the quota of the account."""
    if rate > ACCOUNT_RATE or burst > ACCOUNT_BURST:
        message = (
            f"the endpoints together allow {rate} requests/s and a burst of {burst}, but all REST APIs of an "
            f"account and region share {ACCOUNT_RATE} requests/s and a burst of {ACCOUNT_BURST}"
        )
        hint = "Lower `throttle`, or raise the account's throttle quota in Service Quotas."
        yield Finding(("api", "throttle"), message, hint, at_key=True)


RULE = Rule(
    code="IOT397",
    severity=Severity.INFO,
    summary="A burst of requests may exceed the concurrency of a function or the quota of the account.",
    why=(
        "`burst` is how many requests API Gateway lets through at once. Lambda throttles those that a "
        "function has no concurrency for, which are answered 500; those beyond the account's quota, which "
        "all APIs of a region share, are answered 429."
    ),
    fix="Lower `burst`, or reserve more, unless calls are so short that a burst is spread in time.",
    ignore="Calls are so short that a burst is spread in time.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html",
    check=check,
)
