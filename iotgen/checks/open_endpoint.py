"""Anyone may call an endpoint, and nothing limits how often."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import Api, Endpoint, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each `auth` by which anyone may call endpoints of an API without a throttle."""
    api = pipeline.one(Api)
    if api is None or not pipeline.settled(("api", "throttle")):
        return
    opened: dict[Path, list[Endpoint]] = {}
    for endpoint in endpoints_of(pipeline):
        if endpoint.is_open and endpoint.rate is None:
            own = "auth" in endpoint.written
            opened.setdefault((*endpoint.path, "auth") if own else ("api", "auth"), []).append(endpoint)
    for path, endpoints in opened.items():
        titles = listed([endpoint.title for endpoint in endpoints])
        message = f"anyone may call {titles}, as often as the quota of the account allows"
        yield Finding(
            path, message, "Add `throttle: {rate: 100, burst: 200}` to `api`, or write `auth: iam`."
        )


RULE = Rule(
    code="IOT430",
    severity=Severity.WARNING,
    summary="Anyone may call an endpoint, and nothing limits how often.",
    why=(
        "An endpoint with `auth: none` answers everyone who knows its address. Without a throttle, anyone "
        "can make it invoke the function as often as the quota of the account allows, 10,000 requests a "
        "second by default: each invocation is billed, and all APIs of the account share that quota."
    ),
    fix="Add a `throttle` to `api`, or leave `auth` at `iam`.",
    ignore="Something else limits the callers, such as a rate-based rule of the web ACL.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
    check=check,
)
