"""A runtime whose support has ended."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import runtimes_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.runtimes import END_OF_SUPPORT, advice
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first use of each runtime whose support has ended."""
    for runtime, path in runtimes_of(pipeline).items():
        end = END_OF_SUPPORT[runtime]
        if end <= sources.today:
            message = (
                f"{runtime} has had no security updates since {end}; "
                "AWS will first block creating functions with it, then updating them"
            )
            yield Finding(path, message, advice(runtime))


RULE = Rule(
    code="IOT309",
    severity=Severity.WARNING,
    summary="AWS has ended its support for this runtime.",
    why=(
        "Lambda may no longer patch a deprecated runtime, and functions that use it are not eligible for "
        "technical support. Later AWS refuses to create functions with it, and after that to update them."
    ),
    fix="Move to a later runtime; set one that a spec cannot name yet with an override.",
    ignore="The move is under way, and you accept a runtime without security updates until then.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    check=check,
)
