"""The schema for editors: with the names that a spec declares."""

from jsonschema import Draft202012Validator

from iotgen.spec.editor import editor_schema
from iotgen.spec.schema import schema

DATA: dict[str, dict[str, dict[str, str]]] = {
    "tables": {"readings": {}},
    "queues": {"jobs": {}},
    "functions": {"worker": {}},
    "topics": {"alerts": {}},
    "layers": {"libraries": {}},
    "buckets": {"inbox": {}},
}


def test_names_become_values_and_keys() -> None:
    definitions = editor_schema(schema(), DATA)["$defs"]
    assert definitions["endpoint"]["properties"]["function"]["enum"] == ["worker"]
    assert definitions["alarms"]["properties"]["notify"]["enum"] == ["alerts"]
    assert definitions["functionLayers"]["items"]["enum"] == ["libraries"]
    assert definitions["queueTrigger"]["properties"]["queue"]["enum"] == ["jobs"]
    assert definitions["bucketTrigger"]["properties"]["bucket"]["enum"] == ["inbox"]
    assert list(definitions["alarms"]["properties"]["silence"]["properties"]) == ["worker"]
    assert list(definitions["access"]["properties"]["tables"]["properties"]) == ["readings"]


def test_it_is_a_schema_still_and_the_original_is_as_it_was() -> None:
    before = str(schema())
    Draft202012Validator.check_schema(editor_schema(schema(), DATA))
    assert str(schema()) == before


def test_without_names_nothing_is_narrowed() -> None:
    assert editor_schema(schema(), {"functions": 5}) == schema()
    assert editor_schema(schema(), None) == schema()
