"""A handler imports what its zip, its layers and the runtime may lack, or imports it only while it runs."""

from collections.abc import Iterator

from iotgen.checks.missing_import import find_missing, finding, what
from iotgen.checks.rule import Finding, Rule, listed
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each import that fails in some calls, or in all if no package brings the module."""
    for missing, users in find_missing(pipeline, sources, certain=False).items():
        names = listed([function.key for function, _ in users])
        said = f"{what(missing, users)}, as far as names tell: {names} may fail here"
        yield finding(missing, users, said, sources)


RULE = Rule(
    "IOT307",
    "What a handler imports is in its zip, a layer or the runtime, as far as names tell.",
    "https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
    check,
    Severity.WARNING,
    fix="Pin the package in the layer's requirements, or name the module's folder in `include`.",
)
