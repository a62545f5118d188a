"""An output is the API's, and there is no API."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api
from iotgen.kinds.exports import Export
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each output of an API that the spec does not have."""
    if pipeline.one(Api):
        return
    for export in pipeline.all(Export):
        if export.word == "api":
            message = f"the output `{export.key}` is the URL of the API, and the spec has no endpoints"
            yield Finding((*export.path, "api"), message, "Add `endpoints`, or remove the output.")


RULE = Rule(
    code="IOT424",
    summary="An output is the API's, and there is no API.",
    why=(
        "The API is made for the endpoints of a spec. Without any there is no URL, and neither Terraform nor "
        "Parameter Store takes an empty value for one."
    ),
    fix="Add an endpoint, or remove the output.",
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    check=check,
)
