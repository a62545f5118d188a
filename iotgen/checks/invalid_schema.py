"""A request schema is not valid in JSON Schema draft 4."""

import json
from collections.abc import Iterator
from functools import lru_cache

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import request_schemas
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.document import pointer
from iotgen.spec.json_places import json_places


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first fault of each schema that is not valid in JSON Schema draft 4."""
    for file, path in request_schemas(pipeline).items():
        text = sources.text(file) or ""
        if fault := _fault(text):
            where, value = fault
            place = json_places(text)[where]
            at = pointer(where) or "the top level"
            message = f"`{file}` is not valid in JSON Schema draft 4: {at} cannot be {value}"
            hint = (
                "Rewrite it in draft 4, the only draft that API Gateway accepts. Later drafts differ, for "
                "example in `exclusiveMinimum`."
            )
            yield Finding(path, message, hint, file=file, line=place.line, column=place.column)


@lru_cache(maxsize=256)  # each environment checks the same files
def _fault(text: str) -> tuple[Path, str] | None:
    """Place and value of the first fault."""
    from jsonschema import Draft4Validator, SchemaError  # many specs have no schemas

    try:
        Draft4Validator.check_schema(json.loads(text))
    except SchemaError as error:
        value = json.dumps(error.instance, ensure_ascii=False)
        return tuple(error.absolute_path), value if len(value) <= 60 else value[:57] + "..."
    return None


RULE = Rule(
    code="IOT343",
    summary="A request schema is not valid in JSON Schema draft 4.",
    why=(
        "API Gateway's models are JSON Schemas of draft 4, and it refuses others in the middle of an apply. "
        "Later drafts differ: `exclusiveMinimum` is a number there, and in draft 4 it is true or false."
    ),
    fix="Rewrite the schema in draft 4.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check=check,
)
