"""A parameter's value is empty, or larger than the standard tier allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

LIMIT = 4096


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each value over 4 KB, and each empty one."""
    for parameter in pipeline.all(Parameter):
        if parameter.value is None:
            continue
        size = len(parameter.value.encode())
        if size > LIMIT:
            message = f"the value of `{parameter.key}` has {size} bytes; a standard parameter holds {LIMIT}"
            yield Finding((*parameter.path, parameter.setting), message, "Split it into several parameters.")
        elif size == 0:
            message = f"the value of `{parameter.key}` is empty, which Parameter Store rejects"
            yield Finding(
                (*parameter.path, parameter.setting), message, "Give it a value, or remove the parameter."
            )


RULE = Rule(
    code="IOT350",
    summary="The value of a parameter is empty, or larger than 4096 bytes.",
    why=(
        "A standard parameter holds up to 4 KB, and Parameter Store refuses an empty value. Either fails in "
        "the middle of an apply."
    ),
    fix="Split the value into several parameters, or give it one.",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
    check=check,
)
