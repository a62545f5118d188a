"""Pipeline 1 on the local AWS: deployed, used over HTTP as its clients do, and removed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

SPEC = "specs/pipeline.yaml"

pytestmark = pytest.mark.e2e

READING = {
    "device_id": "device-123",
    "timestamp": 1700000000000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 25.5, "humidity": 60, "pressure": 1013},
}


def _send(project: Any, body: object, path: str = "/ingest") -> Any:
    return json.loads(project.run("send", "--target", "local", "--path", path, stdin=json.dumps(body)))


def _query(project: Any, device: str, *more: str) -> Any:
    return project.json("query", device, "--target", "local", *more)


def test_a_reading_comes_back_processed(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    assert outputs["api_endpoint"].startswith("http://127.0.0.1:")
    answer = _send(project, READING)
    assert {key: answer[key] for key in ("device_id", "timestamp", "event_id")} == {
        "device_id": "device-123",
        "timestamp": 1700000000000,
        "event_id": "e-1",
    }

    (item,) = eventually(lambda: _query(project, "device-123")["items"])

    assert item["event_date"].startswith("2023-11-14")
    assert item["timestamp"] == 1700000000000
    assert item["event_id"] == "e-1"
    assert (item["temperature"], item["humidity"], item["pressure"]) == (25.5, 60, 1013)
    assert item["temperature_celsius"] == 25.5
    assert item["temperature_fahrenheit"] == 77.9


def test_the_raw_reading_is_there_too(project: Any, outputs: dict[str, Any]) -> None:
    page = _query(project, "device-123", "--table", "raw")
    assert page["count"] == 1
    assert page["items"][0]["timestamp"] == 1700000000000
    assert page["items"][0]["sensor_data"]["temperature"] == 25.5


def test_the_same_reading_again_is_the_same_row(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _send(project, READING)
    later = {**READING, "event_id": "e-2", "timestamp": 1700000001000}
    _send(project, later)
    # e-2 was queued behind the repeated e-1: once it is there, the repetition has been worked off too.
    eventually(lambda: any(item["event_id"] == "e-2" for item in _query(project, "device-123")["items"]))
    assert [item["event_id"] for item in _query(project, "device-123")["items"]] == ["e-2", "e-1"]
    assert _query(project, "device-123", "--table", "raw")["count"] == 2


def test_a_batch_names_what_it_rejects(project: Any, outputs: dict[str, Any]) -> None:
    good = {"device_id": "device-7", "sensor_data": {"temperature": 0.1}}
    answer = _send(project, {"readings": [good, {"device_id": "device-7"}]})
    assert answer["accepted"] == 1
    assert [rejected["index"] for rejected in answer["rejected"]] == [1]


def test_process_answers_with_items_and_stores_them(project: Any, outputs: dict[str, Any]) -> None:
    reading = {
        "device_id": "device-9",
        "timestamp": "2024-01-15T10:00:00Z",
        "sensor_data": {"temperature": 20},
    }
    answer = _send(project, reading, "/process")
    assert answer["count"] == 1
    assert answer["items"][0]["temperature_fahrenheit"] == 68
    assert _query(project, "device-9", "--event-date", "2024-01-15")["count"] == 1


def test_pages_follow_each_other_newest_first(project: Any, outputs: dict[str, Any]) -> None:
    readings = [
        {"device_id": "device-p", "timestamp": 1700000000000 + n, "sensor_data": {"n": n}} for n in range(5)
    ]
    _send(project, {"readings": readings}, "/process")
    first = _query(project, "device-p", "--limit", "3")
    second = _query(project, "device-p", "--limit", "3", "--next", first["next"])
    assert [item["n"] for item in first["items"] + second["items"]] == [4, 3, 2, 1, 0]
    assert second["next"] is None


def test_a_fleet_with_faults_is_accounted_for(project: Any, outputs: dict[str, Any]) -> None:
    fleet = ["--devices", "50", "--count", "1000", "--batch", "50", "--interval", "0", "--seed", "7"]
    faults = ["--faults", "--repeated", "0.05", "--verify", "--format", "json"]
    report = project.json("simulate", "--target", "local", *fleet, *faults)
    assert report["verified"]["sound"], report["verified"]


def test_an_unsigned_call_is_refused(outputs: dict[str, Any]) -> None:
    answer = requests.get(f"{outputs['api_endpoint']}/query", params={"device_id": "device-123"}, timeout=30)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", '{"device_id": "d"}', '{"device_id": 5, "sensor_data": {"a": 1}}']
)
def test_a_body_that_cannot_be_read_is_the_callers_fault(
    project: Any, outputs: dict[str, Any], body: str
) -> None:
    told = project.run("send", "--target", "local", stdin=body, code=1)
    assert told.startswith("error: ")


def test_a_message_that_is_no_reading_ends_in_the_dead_letter_queue(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    sqs = project.client("sqs")
    sqs.send_message(QueueUrl=outputs["queue_urls"]["iot-ingestion"], MessageBody="not a reading")
    # It comes back after each failure, at the end of its visibility timeout.
    sqs.set_queue_attributes(
        QueueUrl=outputs["queue_urls"]["iot-ingestion"], Attributes={"VisibilityTimeout": "1"}
    )
    dead = outputs["dead_letter_queue_urls"]["iot-ingestion"]
    found = eventually(lambda: sqs.receive_message(QueueUrl=dead).get("Messages"), patience=300)
    assert "not a reading" in found[0]["Body"]
    visibility = {"VisibilityTimeout": "125"}
    sqs.set_queue_attributes(QueueUrl=outputs["queue_urls"]["iot-ingestion"], Attributes=visibility)


def test_the_next_plan_is_empty(project: Any, outputs: dict[str, Any]) -> None:
    assert "Nothing to change." in project.run("plan", SPEC, "--target", "local")


def test_a_changed_setting_is_applied_alone(project: Any, outputs: dict[str, Any]) -> None:
    spec = project.folder / SPEC
    spec.write_text(spec.read_text().replace("memory: 256", "memory: 384"))
    project.apply()
    function = project.client("lambda").get_function_configuration(FunctionName="data-query-dev")
    assert function["MemorySize"] == 384


def test_destroy_leaves_nothing(
    project: Any, outputs: dict[str, Any], leftovers: Callable[[], dict[str, list[str]]]
) -> None:
    project.run("destroy", SPEC, "--target", "local", "--yes", "--allow-destroy", "dev")
    assert leftovers() == {}
    assert "nothing is deployed" in project.run("output", SPEC, "--target", "local", code=1)
