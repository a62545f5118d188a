"""The cached policy of an authorizer holds for several endpoints."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each authorizer with a cache and more than one endpoint, at the first of them."""
    api = pipeline.one(Api)
    for authorizer in api.authorizers if api else ():
        behind = [one for one in api.endpoints if one.auth.authorizer is authorizer] if api else []
        if authorizer.function and authorizer.cache and len(behind) > 1:
            titles = listed([endpoint.title for endpoint in behind])
            message = (
                f"what `{authorizer.function.key}` answers for one of {titles} holds for all of them "
                f"for {authorizer.cache} s"
            )
            path = (*behind[0].path, "auth") if "auth" in behind[0].written else ("api", "auth")
            hint = "Return a policy for all of them (`Resource` with a `*`), or write `cache: 0`."
            yield Finding((*path, "cache"), message, hint)


RULE = Rule(
    code="IOT436",
    severity=Severity.WARNING,
    summary="The cached policy of an authorizer holds for several endpoints.",
    why=(
        "API Gateway keeps a function's policy by the identity alone, for all methods with that authorizer. "
        "A policy that allows only the method of the first request refuses the same caller at the others; "
        "one that allows too much opens them."
    ),
    fix="Return a policy that says what the caller may do at every endpoint, or set `cache: 0`.",
    ignore="The function returns a policy for all endpoints.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html",
    check=check,
)
