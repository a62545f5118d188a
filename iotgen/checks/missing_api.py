"""An output or a variable is the API's URL, and there is no API."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.kinds.exports import Export
from iotgen.kinds.functions import Addressed, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each output and each variable with the address of an API that the spec does not have."""
    if pipeline.one(Api):
        return
    for export in pipeline.all(Export):
        if export.word == "api":
            message = f"the output `{export.key}` is the URL of the API, and the spec has no endpoints"
            yield Finding((*export.path, "api"), message, "Add `endpoints`, or remove the output.")
    # A variable of the defaults is there once, for all functions.
    for path, variable in {
        one.path: one.variable for function in pipeline.all(Function) for one in function.variables(Addressed)
    }.items():
        message = f"the variable `{variable}` is the URL of the API, and the spec has no endpoints"
        yield Finding(path, message, "Add `endpoints`, or remove the variable.")


RULE = Rule(
    code="IOT424",
    summary="An output or a variable is the API's URL, and there is no API.",
    why=(
        "The API is made for the endpoints of a spec. Without any there is no URL, and neither Terraform nor "
        "Parameter Store takes an empty value for one."
    ),
    fix="Add an endpoint, or remove the output or the variable.",
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    check=check,
)
