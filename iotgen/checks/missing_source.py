"""A folder that the spec names does not exist."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest


def check(_pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each missing folder of a function."""
    for named in sources.named:
        folder = named.name
        if named.is_folder and sources.folders.get(folder) is None and folder not in sources.outside:
            near = nearest(folder, sources.beside.get(folder, ()))
            suggestion = f"; did you mean `{near}`?" if near else ""
            hint = "Create it, or correct the path, which is relative to the project's folder."
            yield Finding(named.place, f"there is no folder `{folder}`{suggestion}", hint)


RULE = Rule(
    code="IOT301",
    summary="A folder that the spec names does not exist.",
    why=(
        "A function's zip is made of its `source` folder and of the folders in its `include`. Without one "
        "of them there is nothing to package, and Lambda would have no module to import."
    ),
    fix="Create the folder, or correct its path, which is relative to the project's folder.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
    check=check,
)
