"""Request models of API Gateway: JSON Schema draft 4, without other keywords.

API Gateway rejects a model with a keyword that it does not know ("Unsupported keyword(s)"), even an
annotation. iotgen removes annotations from the deployed model, since they change nothing; other keywords are
an error.

https://github.com/awslabs/aws-api-gateway-developer-portal/issues/571 (`example`)
https://github.com/aws/aws-cdk/issues/14585 (`$id`, while `id` is known)
https://github.com/deliveryhero/serverless-aws-documentation/issues/116 (`examples`)
https://github.com/clouddrove/terraform-aws-api-gateway/issues/30 (`dependentRequired`)
"""

from collections.abc import Callable, Iterator
from typing import Any

from iotgen.problem import Path

DRAFT_4 = "http://json-schema.org/draft-04/schema"

# https://json-schema.org/draft-04/schema
KEYWORDS = frozenset(
    {
        "$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default",
        "definitions", "dependencies", "description", "enum", "exclusiveMaximum", "exclusiveMinimum",
        "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
        "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern",
        "patternProperties", "properties", "required", "title", "type", "uniqueItems",
    }
)  # fmt: skip

# Keywords of later drafts and OpenAPI that describe a value without constraining it.
ANNOTATIONS = frozenset(
    {
        "$anchor", "$comment", "$id", "$vocabulary", "contentEncoding", "contentMediaType", "contentSchema",
        "deprecated", "example", "examples", "externalDocs", "readOnly", "writeOnly", "xml",
    }
)  # fmt: skip

# Number formats that AWS lists as not supported; draft 4 has none of them.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_NUMBER_FORMATS = ("decimal", "int32", "int64")

# Keywords whose value is a schema or a list of schemas, and those with schemas by name.
_SCHEMAS = ("additionalItems", "additionalProperties", "allOf", "anyOf", "items", "not", "oneOf")
_BY_NAME = ("definitions", "dependencies", "patternProperties", "properties")


def is_annotation(keyword: str, value: Any) -> bool:
    """Whether a keyword can be removed from a model without changing which bodies are valid."""
    if keyword == "$schema":
        return not str(value).startswith(DRAFT_4)
    if keyword == "format":
        return value in _NUMBER_FORMATS
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def deployed(schema: Any) -> Any:
    """The schema without the annotations that API Gateway does not know."""
    if not isinstance(schema, dict):
        return schema
    return {
        keyword: _inside(keyword, value, deployed)
        for keyword, value in schema.items()
        if not is_annotation(keyword, value)
    }


def subschemas(schema: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The schema and all schemas in it, each with its path."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for keyword, value in schema.items():
        if keyword in _BY_NAME and isinstance(value, dict):
            for name, inner in value.items():
                yield from subschemas(inner, (*path, keyword, name))
        elif keyword in _SCHEMAS and isinstance(value, list):
            for index, inner in enumerate(value):
                yield from subschemas(inner, (*path, keyword, index))
        elif keyword in _SCHEMAS:
            yield from subschemas(value, (*path, keyword))


def _inside(keyword: str, value: Any, change: Callable[[Any], Any]) -> Any:
    """The value of a keyword, with each schema in it changed."""
    if keyword in _BY_NAME and isinstance(value, dict):
        return {name: change(inner) for name, inner in value.items()}
    if keyword in _SCHEMAS:
        return [change(inner) for inner in value] if isinstance(value, list) else change(value)
    return value
