import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from readings import items, schema
from readings.reading import LARGEST_BYTES, read

SCHEMAS = Path(schema.__file__).parent.parent / "schemas"
MODEL = json.loads((SCHEMAS / "readings.json").read_text("utf-8"))
READING = {"device_id": "d", "timestamp": 1_700_000_000_000, "sensor_data": {"temperature": 25.5}}


@pytest.mark.parametrize("file", ["readings.json", "config.json"])
def test_is_draft_04(file: str) -> None:
    jsonschema.Draft4Validator.check_schema(json.loads((SCHEMAS / file).read_text("utf-8")))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def test_api_gateway_finds_every_reference_within_the_model() -> None:
    for reference in references(MODEL):
        assert reference.removeprefix("#/definitions/") in MODEL["definitions"]


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        (READING, True),
        ({"readings": [READING]}, True),
        ({"readings": [{"nonsense": 1}, 7]}, True),
        ({"readings": []}, False),
        ({"readings": READING}, False),
        ({"device_id": 7, "sensor_data": {"a": 1}}, False),
        ({}, False),
        ([READING], False),
        (None, False),
    ],
)
def test_the_model_takes_one_reading_or_any_batch(body: Any, valid: bool) -> None:
    assert jsonschema.Draft4Validator(MODEL).is_valid(body) is valid


def rows() -> dict[str, dict[str, Any]]:
    """Give a row of each table with every attribute that the code can make."""
    document = {"device_id": "d", "sensor_data": {"temperature": 25}, "extra": 1}
    reading = replace(read(document, 0, LARGEST_BYTES), clock_skew=True)
    return {
        "raw-sensor-data": items.raw(reading, 1),
        "processed-data": items.processed(reading, 0, {"a": 1}, 1),
        "sensor-events": items.event(reading, 0, {}, 1),
    }


def tables() -> dict[str, dict[str, Any]]:
    """Give the tables of the reference specs."""
    found: dict[str, dict[str, Any]] = {}
    for spec in (SCHEMAS.parent.parent / "specs").glob("*.yaml"):
        found |= yaml.safe_load(spec.read_text("utf-8"))["tables"]
    return found


def test_no_sensor_can_take_the_place_of_an_attribute_of_ours() -> None:
    assert rows().keys() == tables().keys()
    own = {
        attribute
        for table in tables().values()
        for attribute in (*table["partition_key"], *table["sort_key"], table["ttl"])
    }
    # A raw row keeps what the sensors measured apart from its own attributes.
    assert "temperature" in rows()["raw-sensor-data"].pop("sensor_data")
    own |= {attribute for name in ("processed-data", "sensor-events") for attribute in rows()[name]}
    refused = {
        name for name, rule in MODEL["definitions"]["sensor_data"]["properties"].items() if "not" in rule
    }
    assert own - {"temperature"} == refused
