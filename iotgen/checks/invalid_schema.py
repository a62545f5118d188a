"""A request schema is not one that API Gateway can read."""

import json
from collections.abc import Iterator
from functools import lru_cache

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each schema that JSON Schema draft 4 doesn't allow, by its first fault."""
    for file, (text, path) in pipeline.request_schemas.items():
        if fault := _fault(text):
            said = f"`{file}` is not a JSON Schema of draft 4: {fault}"
            hint = "API Gateway reads that draft only; later ones differ, for example in `exclusiveMinimum`"
            yield Finding(path, said, hint)


@lru_cache(maxsize=256)  # each environment asks
def _fault(schema: str) -> str:
    """The first fault and its place in the schema; empty without one."""
    from jsonschema import Draft4Validator, SchemaError  # many specs have no schemas

    try:
        Draft4Validator.check_schema(json.loads(schema))
    except SchemaError as error:
        place = "".join(f"/{step}" for step in error.absolute_path) or "its top"
        value = json.dumps(error.instance, ensure_ascii=False)
        shown = value if len(value) <= 60 else value[:57] + "..."
        return f"at {place} it cannot have {shown}"
    return ""


RULE = Rule(
    "IOT343",
    "A request schema is valid in JSON Schema draft 4.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check,
    fix="Correct the schema by JSON Schema draft 4.",
)
