"""An output has the name of one that iotgen makes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.exports import EXPORTS, Export
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each output whose name iotgen's own have."""
    exports = pipeline.all(Export)
    if not exports:
        return
    others = (kind for kind in KINDS if kind.section != EXPORTS.section)
    taken = {output.name for kind in others for output in kind.outputs(kind.of(pipeline))}
    for export in exports:
        if export.key in taken:
            message = f"iotgen has an output `{export.key}` itself"
            yield Finding(export.path, message, "Choose another name.", at_key=True)


RULE = Rule(
    code="IOT423",
    summary="An output has the name of one that iotgen makes.",
    why=(
        "iotgen makes outputs such as `queue_urls`, which its commands and scripts rely on. Terraform takes "
        "one output of a name, so that the spec's would stand in for it."
    ),
    fix="Choose another name.",
    source="https://developer.hashicorp.com/terraform/language/values/outputs",
    check=check,
)
