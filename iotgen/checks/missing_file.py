"""A file that the spec names does not exist."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest


def check(_pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each missing requirements file and schema."""
    passed_over = {*sources.outside, *(problem.file for problem in sources.unreadable)}
    for named in sources.named:
        file = named.name
        if named.is_text and sources.text(file) is None and file not in passed_over:
            near = nearest(file, sources.beside.get(file, ()))
            suggestion = f"; did you mean `{near}`?" if near else ""
            hint = "Create it, or correct the path, which is relative to the project's folder."
            yield Finding(named.place, f"there is no file `{file}`{suggestion}", hint)


RULE = Rule(
    code="IOT303",
    summary="A file that the spec names does not exist.",
    why=(
        "Requirements become the packages of a layer, a `body` becomes a model of API Gateway, and the "
        "`schema` of a parameter checks its value. Without the file there is nothing to make them of."
    ),
    fix="Create the file, or correct its path, which is relative to the project's folder.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check=check,
)
