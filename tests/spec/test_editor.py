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
    assert definitions["endpointFunction"]["anyOf"][0]["enum"] == ["worker"]
    assert definitions["alarms"]["properties"]["notify"]["anyOf"][0]["enum"] == ["alerts"]
    assert definitions["functionLayers"]["items"]["anyOf"][0]["enum"] == ["libraries"]
    assert definitions["queueTrigger"]["properties"]["queue"]["anyOf"][0]["enum"] == ["jobs"]
    assert definitions["bucketTrigger"]["properties"]["bucket"]["anyOf"][0]["enum"] == ["inbox"]
    assert list(definitions["alarms"]["properties"]["silence"]["properties"]) == ["worker"]
    assert list(definitions["access"]["properties"]["tables"]["properties"]) == ["readings"]


def test_it_is_a_schema_still_and_the_original_is_as_it_was() -> None:
    before = str(schema())
    Draft202012Validator.check_schema(editor_schema(schema(), DATA))
    assert str(schema()) == before


def test_without_names_nothing_is_narrowed() -> None:
    assert editor_schema(schema(), {"functions": 5}) == schema()
    assert editor_schema(schema(), None) == schema()


def test_a_name_that_was_declared_since_is_no_fault() -> None:
    spec = {
        "version": 1,
        "pipeline": "p",
        "tables": {
            "readings": {"partition_key": {"id": "string"}},
            "added": {"partition_key": {"id": "string"}},
        },
        "functions": {"added": {"source": "h", "access": {"tables": {"added": "read"}}}},
        "endpoints": {"/a": {"method": "GET", "function": "added"}},
    }
    validator = Draft202012Validator(editor_schema(schema(), DATA))
    assert [error.message for error in validator.iter_errors(spec)] == []
    spec["endpoints"] = {"/a": {"method": "GET", "function": 5}}
    assert len(list(validator.iter_errors(spec))) == 1
