"""A request schema has a `$ref` that leads out of the file, or nowhere."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import request_schemas
from iotgen.kinds.endpoints.request_model import deployed, subschemas
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.json_places import json_places

# API Gateway resolves references to the address of another model.
OF_AN_API = "https://apigateway.amazonaws.com/restapis/"


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find the first `$ref` of each schema that leads out of it, or nowhere."""
    for file, path in request_schemas(pipeline).items():
        text = sources.text(file) or ""
        schema = json.loads(text)
        if lost := lost_reference(deployed(schema)):  # without annotations, which are not deployed
            where, reference = lost
            place = json_places(text)[where]
            outside = not reference.startswith("#")
            why = "API Gateway sees only this file" if outside else "the model has no such part"
            message = f"`{file}` refers to `{reference}`, but {why}"
            hint = (
                "Move the definition into `definitions` of the same file."
                if outside
                else "Correct the reference."
            )
            yield Finding(path, message, hint, file=file, line=place.line, column=place.column)


def lost_reference(schema: Any) -> tuple[Path, str] | None:
    """Place and text of the first `$ref` that leads out of a schema, or nowhere."""
    for path, part in subschemas(schema):
        reference = part.get("$ref")
        if isinstance(reference, str) and not _leads_somewhere(schema, reference):
            return (*path, "$ref"), reference
    return None


def _leads_somewhere(schema: Any, reference: str) -> bool:
    if reference.startswith(OF_AN_API):
        return True
    where = schema
    root, _, pointer = reference.partition("#")
    for step in pointer.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(where, list):
            where = dict(enumerate(where)).get(int(name)) if name.isdigit() else None
        else:
            where = where.get(name) if isinstance(where, dict) else None
    return not root and where is not None and pointer[:1] in ("", "/")


RULE = Rule(
    code="IOT345",
    summary="A request schema has a `$ref` that leads out of the file, or nowhere.",
    why=(
        "API Gateway gets the file as one model, and sees no other file. It refuses a model whose "
        "references do not lead to a part of it, or to the address of another model."
    ),
    fix="Put what is referred to under `definitions` of the same file.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check=check,
)
