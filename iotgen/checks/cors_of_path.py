"""Methods of one path say different things of the web pages that may call them."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Endpoint, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each method whose pages are not those of the first one at its path that has any."""
    first: dict[str, Endpoint] = {}
    for endpoint in (one for one in endpoints_of(pipeline) if one.cors):
        before = first.setdefault(endpoint.route, endpoint)
        if endpoint.cors != before.cors:
            at = endpoint if "cors" in endpoint.written else before
            message = f"`{before.title}` and `{endpoint.title}` have different `cors` at one path"
            yield Finding((*at.path, "cors"), message, "Write the same for both, or `cors: false` for one.")


RULE = Rule(
    code="IOT444",
    summary="Methods of one path have different `cors`.",
    why=(
        "A browser asks a path once, by OPTIONS, which pages may call it with which headers, and API Gateway "
        "has one answer for all methods there: it could keep to what one of them says and not to the others."
    ),
    fix="Write the same `cors` for all methods of the path that web pages call, `false` for the others.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html",
    check=check,
)
