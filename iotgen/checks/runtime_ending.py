"""A runtime that AWS will soon stop to support."""

from collections.abc import Iterator
from datetime import timedelta

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Path, Pipeline, Sources
from iotgen.model.runtimes import END_OF_SUPPORT
from iotgen.problem import Severity

NOTICE = timedelta(days=365)


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first use of each runtime that ends within a year, unless it has ended."""
    found: dict[str, Path] = {}
    for function in pipeline.functions:
        found.setdefault(function.runtime, function.setting("runtime"))
    for runtime, path in found.items():
        end = END_OF_SUPPORT[runtime]
        if end - NOTICE <= sources.today < end:
            said = f"AWS supports {runtime} until {end}; some months later functions can't be updated"
            newest = max(END_OF_SUPPORT, key=lambda name: (END_OF_SUPPORT[name], name))
            yield Finding(path, said, f"plan the move to a later one: {newest} is supported longest")


RULE = Rule(
    "IOT308",
    "A runtime is supported for a year and more.",
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    check,
    Severity.INFO,
    fix="Plan the move to a later runtime.",
)
