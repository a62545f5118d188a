"""The name of a parameter begins with `aws` or `ssm`."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.exports import Export
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

RESERVED = ("aws", "ssm")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each parameter that begins with a reserved word, whatever follows it."""
    for parameter in pipeline.all(Parameter):
        yield from _reserved(parameter.name, parameter.path, at_key=True)
    for export in pipeline.all(Export):
        yield from _reserved(export.published or "", export.named_at, at_key=False)


def _reserved(name: str, path: Path, *, at_key: bool) -> Iterator[Finding]:
    for word in RESERVED:
        if name.removeprefix("/").lower().startswith(word):
            message = f"the name of a parameter cannot begin with `{word}`, which AWS reserves"
            hint = "Choose another key, or another name." if at_key else "Choose another name."
            yield Finding(path, message, hint, at_key=at_key)


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
