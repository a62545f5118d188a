"""What of a request schema is deployed."""

import json
from typing import TYPE_CHECKING

from iotgen.kinds.endpoints.request_model import deployed
from iotgen.model.sources import Sources

if TYPE_CHECKING:
    from tests.conftest import Compile

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def test_annotations_are_left_out_wherever_a_schema_stands() -> None:
    schema = {
        "$schema": DRAFT_4,
        "$id": "urn:a",
        "title": "stays",
        "properties": {"examples": {"examples": [1], "readOnly": True, "x-unit": "C", "default": {"$id": 1}}},
        "items": [{"$comment": "c"}, {"format": "int64", "enum": [{"deprecated": 1}]}],
        "dependencies": {"a": ["example"], "b": {"example": 1, "format": "date"}},
        "not": {"anyOf": [{"xml": {}, "description": "d"}]},
    }
    assert deployed(schema) == {
        "$schema": DRAFT_4,
        "title": "stays",
        "properties": {"examples": {"default": {"$id": 1}}},
        "items": [{}, {"enum": [{"deprecated": 1}]}],
        "dependencies": {"a": ["example"], "b": {"format": "date"}},
        "not": {"anyOf": [{"description": "d"}]},
    }


def test_the_name_of_a_later_draft_is_left_out() -> None:
    assert deployed({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}) == {
        "type": "object"
    }


def test_a_rendered_model_has_no_annotations(compile_spec: "Compile") -> None:
    spec = (
        "{version: 1, pipeline: p, functions: {f: {source: h}}, "
        "endpoints: {/a: {method: POST, function: f, body: b.json}}}"
    )
    body = json.dumps({"$id": "urn:a", "examples": [{}], "type": "object"})
    sources = Sources({"h": ("handler.py",)}, {"b.json": body})
    models = compile_spec(spec, sources=sources).resources("aws_api_gateway_model")
    assert [json.loads(model["schema"]) for model in models.values()] == [{"type": "object"}]
