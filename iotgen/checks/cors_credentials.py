"""Web pages may send credentials, while a wildcard stands for what they may use."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, Cors, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

WILDCARD = "*"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each wildcard beside `credentials`."""
    api = pipeline.one(Api)
    if api and api.cors:
        yield from _wildcards(api.cors, ("api", "cors"))
    for endpoint in endpoints_of(pipeline):
        if endpoint.cors and "cors" in endpoint.written:
            yield from _wildcards(endpoint.cors, (*endpoint.path, "cors"))


def _wildcards(cors: Cors, path: Path) -> Iterator[Finding]:
    lists = {"origins": cors.origins, "methods": cors.methods, "headers": cors.headers}
    for name, values in lists.items():
        if cors.credentials and WILDCARD in values:
            message = f"with `credentials`, browsers take no `*` in `{name}`"
            yield Finding((*path, name), message, f"List the {name}, or omit `credentials`.")


RULE = Rule(
    code="IOT431",
    summary="Web pages may send credentials, while a wildcard stands for what they may use.",
    why=(
        "With `credentials`, a browser hides each response whose Access-Control-Allow-Origin is `*` from "
        "the page, and takes `*` among methods and headers for a name. API Gateway accepts both."
    ),
    fix="List origins, methods and headers, or omit `credentials`.",
    source="https://developer.mozilla.org/docs/Web/HTTP/CORS/Errors/CORSNotSupportingCredentials",
    check=check,
)
