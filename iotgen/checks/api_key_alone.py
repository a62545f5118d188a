"""An API key is all that an endpoint asks of its callers."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import Endpoint, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each `auth` by which endpoints ask for a key and for nothing else."""
    alone: dict[Path, list[Endpoint]] = {}
    for endpoint in endpoints_of(pipeline):
        if endpoint.asks_for_key_only:
            own = "auth" in endpoint.written
            alone.setdefault((*endpoint.path, "auth") if own else ("api", "auth"), []).append(endpoint)
    for path, endpoints in alone.items():
        titles = listed([endpoint.title for endpoint in endpoints])
        message = f"a key is no proof of who calls {titles}: it never expires, and callers share it"
        hint = "Write `auth: iam` or an authorizer, with `api_key: true` beside it for the quota."
        yield Finding(path, message, hint)


RULE = Rule(
    code="IOT434",
    severity=Severity.WARNING,
    summary="An API key is all that an endpoint asks of its callers.",
    why=(
        "AWS advises against API keys as authentication: a key goes with each request, does not expire, and "
        "opens every API of its usage plan. It is meant to meter callers, and quotas are not hard limits."
    ),
    fix="Use `auth: iam` or an authorizer, and `api_key: true` beside it.",
    ignore="Whoever comes by a key may call, within its quota.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check=check,
)
