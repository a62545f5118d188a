"""A request body's schema as API Gateway takes it: JSON Schema draft 4, and not a word more.

API Gateway refuses a model with a keyword that it does not know ("Unsupported keyword(s)"), be it only an
annotation. Annotations are left out of what is deployed, since they change nothing; the rest is an error.

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

# What later drafts and OpenAPI say about a value without changing which values are taken.
ANNOTATIONS = frozenset(
    {
        "$anchor", "$comment", "$id", "$vocabulary", "contentEncoding", "contentMediaType", "contentSchema",
        "deprecated", "example", "examples", "externalDocs", "readOnly", "writeOnly", "xml",
    }
)  # fmt: skip

# Formats of numbers that AWS names as not supported; draft 4 knows none of them.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_NUMBER_FORMATS = ("decimal", "int32", "int64")

# Where a keyword's value is a schema or a list of them, and where it has schemas by names of the author's.
_SCHEMAS = ("additionalItems", "additionalProperties", "allOf", "anyOf", "items", "not", "oneOf")
_BY_NAME = ("definitions", "dependencies", "patternProperties", "properties")


def is_annotation(keyword: str, value: Any) -> bool:
    """Whether it can be left out of a model without any other body being taken."""
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
    """The schema and all that are in it, each with its path."""
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
