"""A variable has the value of a secret."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each such variable, once for all functions that have it."""
    found: dict[Path, Finding] = {}
    for function in pipeline.all(Function):
        for one in function.disclosed:
            if not one.own:
                message = (
                    f"`{one.variable}` has the value of the secret `{one.key}`: everyone who may view the "
                    "function or Terraform's state can read it"
                )
                hint = f"Have the function read it, if it can: `access: {{secrets: {{{one.key}: read}}}}`."
                found.setdefault(one.path, Finding(one.path, message, hint))
    yield from found.values()


RULE = Rule(
    code="IOT458",
    severity=Severity.WARNING,
    summary="A variable has the value of a secret.",
    why=(
        "Everyone who may view a function can read its environment, and Terraform keeps the value in its "
        "state. A new value of the secret arrives with the next apply only. Secrets Manager shows a "
        "secret to those only who may read it."
    ),
    fix="Give the function access to the secret, and read it in the handler.",
    ignore="An extension in a layer reads its credentials from variables only.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
