"""Web pages may call a function, whose handler does not let them read the response."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

HEADER = "Access-Control-Allow-Origin"
# What frameworks call the part that sets the header: CORSConfig, CORSMiddleware, flask_cors.
_WORD = "cors"


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each function behind an endpoint with `cors` whose Python nowhere names the header, or CORS."""
    for function in pipeline.all(Function):
        texts = _texts(function, sources)
        cors = next((one.cors for one in endpoints_of(pipeline, function) if one.cors), None)
        if texts and cors and not any(map(_names_it, texts)):
            message = f"no web page can read what `{function.key}` answers: its code never sets {HEADER}"
            hint = f'Return `"headers": {{"{HEADER}": "{cors.origins[0]}"}}` with each response.'
            yield Finding(function.setting("source"), message, hint)


def _texts(function: Function, sources: Sources) -> list[str]:
    folders = (sources.code.get(folder) or () for folder in (function.source, *function.include))
    return [text for files in folders for _, text in files if text]


def _names_it(text: str) -> bool:
    words = text.lower()
    return HEADER.lower() in words or _WORD in words


RULE = Rule(
    code="IOT432",
    severity=Severity.WARNING,
    summary="Web pages may call a function whose code never sets Access-Control-Allow-Origin.",
    why=(
        "API Gateway answers the preflight request, then passes the function's response on as it is. "
        "Without that header in it, the browser hides the response from the page."
    ),
    fix="Return the header Access-Control-Allow-Origin with each response of the handler.",
    ignore="A library sets the header.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html",
    check=check,
)
