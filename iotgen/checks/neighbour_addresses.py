"""The addresses that one endpoint asks for hold for another one, too."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, Endpoint, answered
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each endpoint with addresses that a wildcard in another one's path refuses."""
    for api in pipeline.all(Api):
        for limited in (one for one in api.endpoints if one.network):
            others = (one for one in api.endpoints if one.network != limited.network)
            if matched := next((one for one in others if _refuses(api, limited, one)), None):
                own = "from" in limited.written
                path = (*limited.path, "from") if own else limited.path
                message = f"`{limited.title}` also refuses calls of `{matched.title}` from other addresses"
                yield Finding(path, message, "Write the same `from` for both.", at_key=not own)


def _refuses(api: Api, limited: Endpoint, other: Endpoint) -> bool:
    """Whether the policy's pattern for an endpoint takes paths of another one, for the same method."""
    pattern = "/".join(".*" if part[:1] == "{" else re.escape(part) for part in limited.route.split("/"))
    example = re.sub(r"\{[^}]*\}", "x", other.route)
    shared = {*answered(api, limited)} & {*answered(api, other)}
    return bool(shared) and re.fullmatch(pattern, example) is not None


RULE = Rule(
    code="IOT440",
    summary="The addresses of an endpoint hold for another one, too.",
    why=(
        "In the policy of an API a `*` stands for a variable of a path, and it matches any text, slashes "
        "too: what refuses calls of `/items/{id}` refuses those of `/items/new` and `/items/{id}/parts` as "
        "well, whatever these say themselves."
    ),
    fix="Write the same `from` for both endpoints, or give one of them another path.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html",
    check=check,
)
