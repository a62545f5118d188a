"""More requests may come at once than can be answered at once."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# What all REST APIs of an account and region share, at first.
ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Compare bursts with the concurrency of each function, then the sum of all with the account's limits."""
    api = pipeline.one(Api)
    if api is None or not api.rate:
        return
    burst = api.burst or api.rate
    behind = [(function, len(endpoints_of(pipeline, function))) for function in pipeline.all(Function)]
    most = [
        (function.request_concurrency // endpoints, function, endpoints)
        for function, endpoints in behind
        if function.request_concurrency and endpoints
    ]
    least, function, endpoints = min(most, key=lambda found: found[0], default=(burst, None, 0))
    if function and least < burst:
        requests = burst * endpoints
        message = (
            f"{requests} requests may reach `{function.key}` at once, and it runs "
            f"{function.request_concurrency} of them at a time: Lambda refuses the others, and they are "
            "answered 500"
        )
        hint = (
            f"Set `burst: {max(1, least)}` to have API Gateway answer them 429, or reserve more; short calls "
            "get through a larger burst."
        )
        yield Finding(("api", "throttle", "burst"), message, hint)
        return
    yield from _shared(api.rate * len(api.endpoints), burst * len(api.endpoints))


def _shared(rate: int, burst: int) -> Iterator[Finding]:
    """What an account lets through, whatever the throttle of each endpoint."""
    if rate > ACCOUNT_RATE or burst > ACCOUNT_BURST:
        message = (
            f"the endpoints together let {rate} requests/s and {burst} at once through, but all REST APIs of "
            f"an account and region share {ACCOUNT_RATE} requests/s and {ACCOUNT_BURST} at once"
        )
        hint = "Lower `throttle`, or have Service Quotas raise the account's throttle quota."
        yield Finding(("api", "throttle"), message, hint, at_key=True)


RULE = Rule(
    code="IOT397",
    severity=Severity.INFO,
    summary="A burst of requests may exceed what the functions or the account take at once.",
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
