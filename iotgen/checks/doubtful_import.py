"""A handler imports a module that may be missing, or imports a missing one only at run time."""

from collections.abc import Iterator

from iotgen.checks.missing_import import find_missing, finding, what
from iotgen.checks.rule import Rule, listed
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each import that fails in some calls, or in all if no package brings the module."""
    for missing, users in find_missing(pipeline, sources, certain=False).items():
        names = listed([function.key for function, _ in users])
        message = f"{what(missing, users)}, judging by package names: {names} may fail here"
        yield finding(missing, users, message, sources)


RULE = Rule(
    code="IOT307",
    severity=Severity.WARNING,
    summary="A handler may import a module that its zip, its layers and the runtime lack.",
    why=(
        "A function finds modules in its zip, in its layers, and in what the runtime brings. Here the "
        "import runs in some calls only, or a package of a layer may bring the module under a name of its "
        "own, so that iotgen cannot be certain that it fails."
    ),
    fix="Pin the package in the layer's requirements, or add the module's folder to `include`.",
    ignore="A package of the layer brings the module under another name, or the line never runs on Lambda.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
    check=check,
)
