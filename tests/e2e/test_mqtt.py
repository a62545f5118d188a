"""Pipeline 3 on the local AWS: what devices publish is stored once, notified of, and accounted for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SPEC = "specs/mqtt.yaml"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def inbox(project: Any, outputs: dict[str, Any]) -> str:
    """The URL of a queue that receives what the topic notifies of."""
    sqs = project.client("sqs")
    url: str = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everyone]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    project.client("sns").subscribe(
        TopicArn=outputs["topic_arns"]["device-alerts"], Protocol="sqs", Endpoint=arn
    )
    return url


def _publish(project: Any, device: str, **reading: Any) -> None:
    topic = f"dt/dev/{device}/telemetry"
    project.run("send", json.dumps(reading), "--mqtt", topic, "--target", "local")


def _query(project: Any, device: str, *more: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = project.json("query", device, *more, "--target", "local")["items"]
    return items


def test_a_message_becomes_a_row_under_the_device_of_its_topic(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    assert outputs["rule_names"] == {"telemetry": "telemetry_dev"}
    for _ in range(2):  # as quality of service 1 allows
        _publish(
            project,
            "cellar-1",
            timestamp=1_700_000_000_000,
            device_id="attic-1",
            digest="made-up",
            sensor_data={"temperature": 21.5},
        )
    (row,) = eventually(lambda: _query(project, "cellar-1"))
    (raw,) = _query(project, "cellar-1", "--table", "raw")
    assert (row["timestamp"], row["temperature_celsius"]) == (1_700_000_000_000, 21.5)
    assert raw["event_id"] == row["event_id"]
    assert _query(project, "attic-1") == []


def test_a_threshold_that_is_crossed_is_notified_of(
    project: Any, inbox: str, eventually: Callable[..., Any]
) -> None:
    _publish(project, "cellar-2", event_id="hot", sensor_data={"temperature": 99.5})
    (message,) = eventually(lambda: project.client("sqs").receive_message(QueueUrl=inbox).get("Messages"))
    assert "99.5" in json.loads(message["Body"])["Message"]


def test_every_reading_of_a_fleet_is_accounted_for(project: Any) -> None:
    report = project.json(
        *("simulate", "--target", "local", "--to", "mqtt", "--count", "1000", "--interval", "0"),
        *("--faults", "--repeated", "0.05", "--verify", "--format", "json"),
    )
    assert report["to"] == "broker"
    assert report["verified"]["faults"] == []
    assert report["verified"]["sound"]


def test_a_device_is_enrolled_and_removed(project: Any, tmp_path: Path) -> None:
    options = ("--spec", SPEC, "--target", "local")
    project.run("devices", "add", "cellar-1", "--into", str(tmp_path), *options)
    assert (tmp_path / "cellar-1.key").stat().st_mode & 0o777 == 0o600
    assert project.run("devices", "list", *options) == "cellar-1\n"
    key = (tmp_path / "cellar-1.key").read_text(encoding="ascii").splitlines()[1]
    states = list((project.folder / "out").rglob("*.tfstate*"))
    assert states
    assert not [state for state in states if key in state.read_text(encoding="utf-8")]
    project.run("devices", "remove", "cellar-1", "--yes", *options)
    assert project.run("devices", "list", *options) == ""


def test_devices_that_were_enrolled_before_one_failed_are_said(project: Any, tmp_path: Path) -> None:
    options = ("--spec", SPEC, "--target", "local")
    (tmp_path / "cellar-4.key").write_text("somebody's", encoding="ascii")
    names = ("cellar-3", "cellar-4")
    done = project.finished(
        "devices", "add", *names, "--into", str(tmp_path), *options, "--format", "json", code=1
    )
    error = json.loads(done.stdout)["error"]
    assert "cellar-4.key" in error["message"]
    assert error["hint"].endswith(" Enrolled before it: cellar-3.")
    project.run("devices", "remove", "cellar-3", "--yes", *options)


def test_a_second_plan_is_empty(project: Any) -> None:
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")
