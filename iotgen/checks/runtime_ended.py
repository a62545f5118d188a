"""A runtime that AWS has stopped to support."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.kinds.functions import runtimes_of
from iotgen.kinds.functions.runtimes import END_OF_SUPPORT, LONGEST_SUPPORTED
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first use of each runtime whose support has ended."""
    for runtime, path in runtimes_of(pipeline).items():
        end = END_OF_SUPPORT[runtime]
        if end <= sources.today:
            said = (
                f"{runtime} has had no security updates since {end}; "
                "AWS will refuse to create functions with it, and then to update them"
            )
            yield Finding(path, said, f"move to a later one: {LONGEST_SUPPORTED} is supported longest")


RULE = Rule(
    "IOT309",
    "A runtime gets security updates.",
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    check,
    Severity.WARNING,
    fix="Move to a later runtime.",
)
