"""A file that the spec names isn't there."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Path, Pipeline, Sources
from iotgen.spec.nearest import nearest


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each missing requirements file and schema."""
    named: list[tuple[str, Path]] = [
        (layer.requirements, (*layer.path, "requirements")) for layer in pipeline.layers
    ]
    named += [(endpoint.body, (*endpoint.path, "body")) for endpoint in pipeline.endpoints if endpoint.body]
    named += [
        (parameter.schema, (*parameter.path, "schema"))
        for parameter in pipeline.parameters
        if parameter.schema
    ]
    unreadable = {problem.file for problem in sources.unreadable}
    for file, path in named:
        if sources.text(file) is None and file not in unreadable:
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
