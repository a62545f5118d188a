"""A body is made up from a schema, and always one that the schema takes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from iotgen.invoke.instance import instance_of

REPO = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object"}, {}),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 5}}},
            {"a": 5},
        ),
        ({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "2024-01-15"),
        ({"type": "string", "minLength": 8}, "sample-1"),
        ({"enum": ["x", "y"]}, "x"),
        ({"type": "string", "examples": ["mine"]}, "mine"),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"anyOf": [{"not": {}}, {"type": "number", "maximum": -1}]}, -1),
        (
            {
                "$ref": "#/definitions/a",
                "definitions": {
                    "a": {
                        "type": "object",
                        "minProperties": 1,
                        "properties": {"n": {"not": {}}, "m": {"type": "number"}},
                    }
                },
            },
            {"m": 1},
        ),
    ],
)
def test_the_smallest_value_is_found(schema: dict[str, Any], value: Any) -> None:
    assert instance_of(json.dumps(schema)) == value


def test_the_reference_pipelines_readings_have_one() -> None:
    text = (REPO / "handlers/schemas/readings.json").read_text(encoding="utf-8")
    value = instance_of(text)
    assert value == {"device_id": "sample", "sensor_data": {"temperature": 1}}
    schema = json.loads(text)
    validator_for(schema)(schema).validate(value)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"not": {}}, "no value was found that it takes"),
        ({"type": 3}, "3 is not valid under any of the given schemas"),
        (
            {"$ref": "https://example.com/x.json"},
            "it refers to `https://example.com/x.json`, which is not in it",
        ),
        (
            {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}},
            "it refers to itself without an end",
        ),
    ],
)
def test_a_schema_without_one_says_why(schema: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        instance_of(json.dumps(schema))
