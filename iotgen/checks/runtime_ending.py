"""A runtime whose support ends within a year."""

from collections.abc import Iterator
from datetime import timedelta

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import runtimes_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.runtimes import END_OF_SUPPORT, advice
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

NOTICE = timedelta(days=365)


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first use of each runtime that ends within a year, unless it has ended."""
    for runtime, path in runtimes_of(pipeline).items():
        end = END_OF_SUPPORT[runtime]
        if end - NOTICE <= sources.today < end:
            message = f"AWS supports {runtime} until {end}; some months later it blocks updating functions"
            yield Finding(path, message, advice(runtime))


RULE = Rule(
    code="IOT308",
    severity=Severity.INFO,
    summary="AWS ends its support for this runtime within a year.",
    why=(
        "Lambda deprecates a runtime when its version of the language gets no more security updates. From "
        "then on AWS may no longer patch it; later it refuses to create functions with it, and after that "
        "to update them."
    ),
    fix="Plan the move to a later runtime; set one that a spec cannot name yet with an override.",
    ignore="The move is planned, or the pipeline will be gone by then.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    check=check,
)
