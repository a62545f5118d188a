"""A function has a layer of packages for another language."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each layer of Python packages with a function in another language."""
    for function in pipeline.all(Function):
        for index, layer in enumerate(function.layers):
            if not layer.fits(function.runtime):
                message = (
                    f"`{layer.key}` has Python packages, and `{function.key}` runs on {function.runtime}"
                )
                hint = "Remove it, or declare a layer with a `source` folder for this language."
                yield Finding((*function.path, "layers", index), message, hint)


RULE = Rule(
    code="IOT447",
    summary="A function has a layer of packages for another language.",
    why=(
        "A layer of requirements holds Python packages below `python`, where only Python runtimes look, and "
        "says which runtimes it is compatible with. In another language the function gets nothing of it."
    ),
    fix="Remove the layer, or declare one for this language.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html",
    check=check,
)
