"""A function's environment is larger than Lambda allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

LIMIT = 4096


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each environment over 4 KB; of values that Terraform fills in, only the names are counted."""
    for function in pipeline.all(Function):
        size = sum(
            len(name.encode()) + (len(value.encode()) if isinstance(value, str) else 0)
            for name, value in function.environment.items()
        )
        if size > LIMIT:
            message = f"the environment of `{function.key}` has {size} bytes; Lambda allows {LIMIT}"
            yield Finding(function.setting("environment"), message, "Move large values into a parameter.")


RULE = Rule(
    code="IOT321",
    summary="The environment of a function is larger than 4 KB.",
    why=(
        "Lambda allows 4 KB for all of a function's environment variables, names and values together, and "
        "refuses a function with more. This quota cannot be raised."
    ),
    fix="Move large values into a parameter.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    check=check,
)
