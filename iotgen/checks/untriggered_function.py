"""A function that nothing calls."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function without an endpoint and without a trigger."""
    called = {endpoint.function.key for endpoint in pipeline.endpoints}
    for function in pipeline.functions:
        triggered = function.queue_triggers or function.bucket_triggers
        if function.key in called or triggered or not pipeline.settled(function.path):
            continue
        said = f"nothing calls `{function.key}`: it has no trigger, and no endpoint names it"
        yield Finding(function.path, said, "add a trigger or an endpoint, or remove it", at_key=True)


RULE = Rule(
    "IOT326",
    "Something calls each function.",
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html",
    check,
    Severity.WARNING,
    fix="Add a trigger or an endpoint, or remove the function.",
)
