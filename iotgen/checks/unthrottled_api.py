"""The API has no throttle."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find an API without a throttle."""
    api = pipeline.one(Api)
    # Where anyone may call, another rule reports the same.
    endpoints = endpoints_of(pipeline)
    is_open = any(endpoint.is_open and endpoint.rate is None for endpoint in endpoints)
    limited = all(endpoint.rate is not None for endpoint in endpoints)
    if api and not limited and not is_open and pipeline.settled(("api", "throttle")):
        message = (
            "the API has no `throttle`: it may use up the 10,000 requests/s "
            "that all APIs of the account share"
        )
        yield Finding(api.path, message, "Add `throttle: {rate: 1000, burst: 2000}` to `api`.", at_key=True)


RULE = Rule(
    code="IOT349",
    severity=Severity.WARNING,
    summary="The API has no throttle.",
    why=(
        "Without a throttle of its own, an API accepts as many requests as the account's quota allows, by "
        "default 10,000 a second in most regions. All APIs of the account in the region share that quota, "
        "so the callers of one can use it up for the others."
    ),
    fix="Add `throttle: {rate: 1000, burst: 2000}` to `api`.",
    ignore="Something else limits the callers, such as a rate-based rule of the web ACL.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    check=check,
)
