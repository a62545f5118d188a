"""A request schema has a keyword that API Gateway rejects."""

import json
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import request_schemas
from iotgen.kinds.endpoints.request_model import KEYWORDS, is_annotation, subschemas
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.json_places import json_places
from iotgen.spec.nearest import nearest

# The equivalent in draft 4.
_INSTEAD = {
    "$defs": "call it `definitions`",
    "const": "write `enum` with one value",
    "dependentRequired": "write `dependencies`",
    "dependentSchemas": "write `dependencies`",
    "nullable": 'write `"type": ["string", "null"]`, with the type that you mean',
    "prefixItems": "write `items` with a list of schemas",
}


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each keyword that draft 4 does not have; annotations are not deployed."""
    for file, path in request_schemas(pipeline).items():
        text = sources.text(file) or ""
        schema = json.loads(text)
        unknown = list(_unknown(schema))
        places = json_places(text) if unknown else {}
        for where in unknown:
            keyword = str(where[-1])
            place = places[where]
            message = f"API Gateway rejects a model with `{keyword}`{_left_out(schema)}"
            yield Finding(path, message, _hint(keyword), file=file, line=place.line, column=place.column)


def _unknown(schema: Any) -> Iterator[Path]:
    for path, part in subschemas(schema):
        for keyword, value in part.items():
            follows = keyword in ("then", "else") and "if" in part  # one fault together with `if`
            if keyword not in KEYWORDS and not is_annotation(keyword, value) and not follows:
                yield (*path, keyword)


def _left_out(schema: Any) -> str:
    """The annotations of the schema, which API Gateway would reject as well."""
    words = {
        word for _, part in subschemas(schema) for word, value in part.items() if is_annotation(word, value)
    }
    names = ", ".join(f"`{word}`" for word in sorted(words - KEYWORDS))
    return f" (iotgen removes annotations: {names})" if names else ""


def _hint(keyword: str) -> str:
    near = nearest(keyword, KEYWORDS)
    if keyword in _INSTEAD:
        return f"Use JSON Schema draft 4: {_INSTEAD[keyword]}, or check it in the function."
    if near:
        return f"Did you mean `{near}`?"
    return "Use the keywords of JSON Schema draft 4, or check it in the function."


RULE = Rule(
    code="IOT344",
    summary="A request schema has a keyword that API Gateway rejects.",
    why=(
        "API Gateway's models are JSON Schemas of draft 4. It refuses a model with a keyword that this "
        "draft does not have, in the middle of an apply. Annotations do no harm, since iotgen leaves them "
        "out of the model."
    ),
    fix="Use the keywords of draft 4, or check it in the function. Annotations are not deployed.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check=check,
)
