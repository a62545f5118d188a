"""A variable takes its value from a secret that the spec itself makes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each such variable, once for all functions that have it."""
    found: dict[Path, Finding] = {}
    for function in pipeline.all(Function):
        for one in function.disclosed:
            if one.own:
                message = (
                    f"the secret `{one.key}` has no value at the first apply, for `{one.variable}` to take"
                )
                hint = f"Have the function read it: `access: {{secrets: {{{one.key}: read}}}}`."
                found.setdefault(one.path, Finding(one.path, message, hint))
    yield from found.values()


RULE = Rule(
    code="IOT459",
    summary="A variable takes its value from a secret that the spec itself makes.",
    why=(
        "iotgen makes a secret without a value, which is set on AWS later. Terraform would look for the "
        "value in the apply that makes the secret, and fail since there is none."
    ),
    fix="Have the function read the secret, or name one that exists already.",
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html",
    check=check,
)
