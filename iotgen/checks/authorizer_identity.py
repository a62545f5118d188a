"""The identity of an authorizer is not where API Gateway looks for it."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find tokens that are not in one header, and caches without an identity to keep answers by."""
    api = pipeline.one(Api)
    for endpoint in api.endpoints if api else ():
        authorizer = endpoint.auth.authorizer
        if authorizer is None or authorizer.function is None:
            continue
        path = (*endpoint.path, "auth") if "auth" in endpoint.written else ("api", "auth")
        one_header = len(authorizer.identity) == 1 and authorizer.identity[0].startswith("header.")
        if authorizer.type == "TOKEN" and not one_header:
            message = "a token is in one header"
            hint = "Write `identity: header.NAME`, or `type: request` for a function that looks elsewhere."
            yield Finding((*path, "identity"), message, hint)
        elif authorizer.cache and not authorizer.identity:
            message = "a cache needs an identity, by which answers are kept"
            yield Finding((*path, "identity"), message, "Name what identifies a caller, or write `cache: 0`.")


RULE = Rule(
    code="IOT437",
    summary="The identity of an authorizer is not where API Gateway looks for it.",
    why=(
        "API Gateway hands a token authorizer one header, and keeps what a function answers by the values "
        "of `identity`. It refuses a token elsewhere, and a cache without an identity, in the apply."
    ),
    fix="Name one header for a token, or write `type: request`; name an identity for a cache.",
    source="https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html",
    check=check,
)
