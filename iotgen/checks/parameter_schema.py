"""The file that describes the value of a parameter is not a JSON Schema."""

import json
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.checks.schema_reference import lost_reference
from iotgen.kinds.endpoints.request_model import subschemas
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.parameters.values import schema_fault
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.document import pointer
from iotgen.spec.json_places import json_places
from iotgen.spec.strict_json import read_json

_NAMES = frozenset({"$anchor", "$dynamicAnchor", "$id", "id"})


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first fault of each file that is not a schema."""
    files: dict[str, Path] = {}
    for parameter in pipeline.all(Parameter):
        if parameter.schema:
            files.setdefault(parameter.schema, (*parameter.path, "schema"))
    for file, path in files.items():
        text = sources.text(file)
        if text is not None:
            yield from _fault(text, file, path)


def _fault(text: str, file: str, path: Path) -> Iterator[Finding]:
    hint = "Correct the file, so that iotgen can check the parameter's value."
    try:
        schema = read_json(text)
    except json.JSONDecodeError as error:
        message = f"`{file}` is not JSON: {error.msg}"
        yield Finding(path, message, hint, file=file, line=error.lineno, column=error.colno)
        return
    if not isinstance(schema, dict):
        yield Finding(path, f"`{file}` is not a JSON Schema: it must be an object", hint, file=file)
        return
    # A schema with names of its own can be referred to by these.
    named = any(_NAMES & part.keys() for _, part in subschemas(schema))
    if fault := schema_fault(text) or (None if named else lost_reference(schema)):
        where, value = fault
        place = json_places(text)[where]
        message = f"`{file}` is not a JSON Schema: {pointer(where) or 'the top level'} cannot be {value}"
        yield Finding(path, message, hint, file=file, line=place.line, column=place.column)


RULE = Rule(
    code="IOT351",
    summary="The file that describes the value of a parameter is not a JSON Schema.",
    why=(
        "iotgen checks a parameter's value against its `schema` before anything is deployed. With a file "
        "that is no JSON Schema a mistake in the value would first show in the function that reads it."
    ),
    fix="Correct the file that `schema` names.",
    source="https://json-schema.org/draft-04/draft-zyp-json-schema-04",
    check=check,
)
