"""A parameter's value has `{{...}}`, which Parameter Store takes for a reference."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_NESTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each value with a pair of braces."""
    for parameter in pipeline.all(Parameter):
        if match := _NESTED.search(parameter.value or ""):
            shown = match[0] if len(match[0]) <= 40 else match[0][:37] + "..."
            message = (
                f"the value of `{parameter.key}` has `{shown}`, which Parameter Store takes for a reference"
            )
            hint = "Write the placeholder in another way, such as `{name}` or `<name>`."
            yield Finding((*parameter.path, parameter.setting), message, hint)


RULE = Rule(
    code="IOT352",
    summary="The value of a parameter has `{{...}}`, which Parameter Store takes for a reference.",
    why=(
        "Parameter Store reads double braces as a reference to another parameter, and parameters cannot be "
        "nested. It refuses the value in the middle of an apply."
    ),
    fix="Write the placeholder in another way, such as `{name}`.",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/what-is-a-parameter.html",
    check=check,
)
