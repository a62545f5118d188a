"""A URL streams responses that the function's runtime does not."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.runtimes import NODE, OWN
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each URL with `stream` of a function whose runtime can only return a response."""
    for function in pipeline.all(Function):
        path = (*function.path, "url", "stream")
        if function.url and function.url.stream and _only_returns(function) and pipeline.settled(path):
            message = f"`{function.key}` cannot stream: {function.runtime} returns a response as a whole"
            yield Finding(path, message, "Remove `stream`, or use a nodejs or provided runtime.")


def _only_returns(function: Function) -> bool:
    """Whether its runtime cannot stream a response by itself."""
    return not function.image and function.language not in (NODE, OWN)


RULE = Rule(
    code="IOT453",
    severity=Severity.WARNING,
    summary="A URL streams responses that the function's runtime does not.",
    why=(
        "Of Lambda's managed runtimes, those of Node.js stream responses. With any other, a URL with "
        "`stream` sends what the handler returns as it is, so that callers see the status code and the "
        "headers as JSON in the body."
    ),
    fix="Remove `stream`, or use Node.js or a runtime of your own.",
    ignore="A layer, such as the Lambda Web Adapter, streams the response.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html",
    check=check,
)
