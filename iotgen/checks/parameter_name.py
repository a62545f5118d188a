"""The name of a parameter begins with `aws` or `ssm`."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

RESERVED = ("aws", "ssm")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each parameter that begins with a reserved word, whatever follows it."""
    for parameter in pipeline.all(Parameter):
        for word in RESERVED:
            if parameter.name.removeprefix("/").lower().startswith(word):
                message = f"the name of a parameter cannot begin with `{word}`, which AWS reserves"
                yield Finding(parameter.path, message, "Choose another key, or another name.", at_key=True)


RULE = Rule(
    code="IOT313",
    summary="The name of a parameter begins with `aws` or `ssm`.",
    why=(
        "Parameter Store reserves the prefixes `aws` and `ssm`, in lower and upper case. It refuses a "
        "parameter whose name has one of them, in the middle of an apply."
    ),
    fix="Choose another key.",
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    check=check,
)
