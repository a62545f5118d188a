"""A zip that the spec names is not built."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.spec.nearest import nearest


def check(_pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each zip that is not there, which may be built later."""
    for named in sources.named:
        if named.is_archive and named.name not in sources.archives | sources.outside:
            near = nearest(named.name, sources.beside.get(named.name, ()))
            asked = f"; did you mean `{near}`?" if near else ""
            message = f"there is no `{named.name}` yet{asked}"
            yield Finding(named.place, message, "Build it before `iotgen render`, `plan` or `apply`.")


RULE = Rule(
    code="IOT445",
    severity=Severity.WARNING,
    summary="A zip that the spec names is not built.",
    why=(
        "The zip that `artifact` names is deployed as it is, and iotgen builds none. A spec can be checked "
        "without it; to render it, its digest is needed, by which Terraform sees that the code has changed."
    ),
    fix="Build the zip, or correct the path, which is relative to the project's folder.",
    ignore="The zip is built after the check.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html",
    check=check,
)
