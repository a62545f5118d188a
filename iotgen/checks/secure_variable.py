"""A variable takes its value from a secure parameter."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Filled, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each variable that would show a secret, once for all functions that have it."""
    found: dict[Path, Finding] = {}
    for function in pipeline.all(Function):
        for one in function.variables(Filled):
            if one.secure:
                message = (
                    f"`{one.variable}` cannot have the value of the secure parameter `{one.key}`: it would "
                    "stand in the function's settings and in the state"
                )
                hint = f"Have the function read it: `access: {{parameters: {{{one.key}: read}}}}`."
                found.setdefault(one.path, Finding(one.path, message, hint))
    yield from found.values()


RULE = Rule(
    code="IOT473",
    summary="A variable takes its value from a secure parameter.",
    why=(
        "Everyone who may view a function can read its environment, and Terraform keeps it in its state and "
        "shows it in plans. Parameter Store decrypts a secret for those only who may read it."
    ),
    fix="Give the function access to the parameter, and read it in the handler.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
