"""A file that the spec names isn't there."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.layers import Layer
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Path
from iotgen.model.sources import Sources
from iotgen.spec.nearest import nearest


def named_files(pipeline: Pipeline) -> Iterator[tuple[str, Path]]:
    """Each file that the spec names, with its place there."""
    yield from ((layer.requirements, (*layer.path, "requirements")) for layer in pipeline.all(Layer))
    yield from ((end.body, (*end.path, "body")) for end in endpoints_of(pipeline) if end.body)
    yield from ((one.schema, (*one.path, "schema")) for one in pipeline.all(Parameter) if one.schema)


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each missing requirements file and schema."""
    passed_over = {*sources.outside, *(problem.file for problem in sources.unreadable)}
    for file, path in named_files(pipeline):
        if sources.text(file) is None and file not in passed_over:
            meant = nearest(file, sources.beside.get(file, ()))
            asked = f"; did you mean `{meant}`?" if meant else ""
            hint = "create it, or correct the path: it is relative to the project's folder"
            yield Finding(path, f"there is no file `{file}`{asked}", hint)


RULE = Rule(
    "IOT303",
    "The files that a spec names are there.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check,
    fix="Create the file, or correct its path, which is relative to the project's folder.",
)
