"""Web pages may send credentials, while a wildcard stands for what they may use."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

WILDCARD = "*"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each wildcard beside `credentials`."""
    api = pipeline.one(Api)
    cors = api.cors if api else None
    if cors is None or not cors.credentials:
        return
    lists = {"origins": cors.origins, "methods": cors.methods, "headers": cors.headers}
    for name, values in lists.items():
        if WILDCARD in values:
            message = f"with `credentials`, browsers take no `*` in `{name}`"
            yield Finding(("api", "cors", name), message, f"List the {name}, or omit `credentials`.")


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
