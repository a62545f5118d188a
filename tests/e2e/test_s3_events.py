"""Pipeline 2 on the local AWS: an object becomes a row, and a notification where it crosses a threshold."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/s3-events.yaml"

pytestmark = pytest.mark.e2e

# What these name is in an account: the local AWS takes the first as it is, and is spared the second.
GUARDED = """\
    vpc: {subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}
    code_signing: arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b
"""


@pytest.fixture(scope="module")
def inbox(project: Any, outputs: dict[str, Any]) -> str:
    """The URL of a queue that receives what the topic tells."""
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


def _put(project: Any, outputs: dict[str, Any], key: str, body: object) -> None:
    bucket = outputs["bucket_names"]["sensor-readings"]
    text = body if isinstance(body, str) else json.dumps(body)
    project.client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode())


def _rows(project: Any, outputs: dict[str, Any]) -> list[Any]:
    rows: list[Any] = project.client("dynamodb").scan(TableName=outputs["table_names"]["sensor-events"])[
        "Items"
    ]
    return rows


def _reading(temperature: float, event: str) -> dict[str, Any]:
    return {
        "device_id": "device-1",
        "timestamp": 1700000000000,
        "event_id": event,
        "sensor_data": {"temperature": temperature},
    }


def test_an_object_becomes_a_row(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _put(project, outputs, "readings/a b+c.json", _reading(21.5, "e-1"))
    rows = eventually(lambda: [row for row in _rows(project, outputs) if row["device_id"]["S"] == "device-1"])
    assert len(rows) == 1


def test_a_threshold_that_is_crossed_is_told(
    project: Any, outputs: dict[str, Any], inbox: str, eventually: Callable[..., Any]
) -> None:
    _put(project, outputs, "readings/hot.json", _reading(99.5, "e-2"))
    (message,) = eventually(lambda: project.client("sqs").receive_message(QueueUrl=inbox).get("Messages"))
    told = json.loads(message["Body"])["Message"]
    assert "device-1" in told
    assert "99.5" in told


def test_an_object_elsewhere_is_left_alone(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _put(project, outputs, "other/a.json", _reading(1, "e-elsewhere"))
    _put(project, outputs, "readings/last.json", _reading(2, "e-3"))

    def seen() -> set[str]:
        return {row["event_id"]["S"] for row in _rows(project, outputs) if "event_id" in row}

    eventually(lambda: "e-3" in seen())
    assert "e-elsewhere" not in seen()


def test_a_bad_object_is_put_aside(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _put(project, outputs, "readings/bad.json", "not JSON")
    bucket = outputs["bucket_names"]["sensor-readings"]
    eventually(
        lambda: project.client("s3").list_objects_v2(Bucket=bucket, Prefix="rejected/").get("Contents")
    )


def test_a_fleet_with_faults_is_accounted_for(project: Any, outputs: dict[str, Any]) -> None:
    fleet = ["--devices", "20", "--count", "200", "--batch", "50", "--interval", "0", "--seed", "7"]
    report = project.json("simulate", "--target", "local", *fleet, "--faults", "--verify", "--format", "json")
    assert report["to"] == "bucket"
    assert report["verified"]["sound"], report["verified"]


def test_the_next_plan_is_empty(project: Any, outputs: dict[str, Any]) -> None:
    assert "Nothing to change." in project.run("plan", SPEC, "--target", "local")


def test_a_key_and_a_vpc_can_be_had_later(
    project: Any, outputs: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    spec = project.folder / SPEC
    text = spec.read_text().replace(
        "\nfunctions:\n", "\nencryption: {customer_managed_key: true}\nfunctions:\n"
    )
    spec.write_text(text.replace("    timeout: 120\n", "    timeout: 120\n" + GUARDED))

    project.apply()

    key = _enabled_key(project)
    table = project.client("dynamodb").describe_table(TableName=outputs["table_names"]["sensor-events"])
    assert table["Table"]["SSEDescription"]["KMSMasterKeyArn"] == key
    function = project.client("lambda").get_function_configuration(FunctionName="event-processor-dev")
    assert function["VpcConfig"]["SubnetIds"] == ["subnet-0a1b2c3d"]
    _put(project, outputs, "readings/encrypted.json", _reading(3, "e-encrypted"))
    eventually(
        lambda: any(row.get("event_id", {}).get("S") == "e-encrypted" for row in _rows(project, outputs))
    )
    assert "Nothing to change." in project.run("plan", SPEC, "--target", "local")


def _enabled_key(project: Any) -> str:
    """The ARN of the one key in use: those of projects before it are listed until they are deleted."""
    kms = project.client("kms")
    keys = [kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"] for one in kms.list_keys()["Keys"]]
    (arn,) = (key["Arn"] for key in keys if key["KeyState"] == "Enabled")
    return str(arn)


def test_destroy_leaves_nothing(
    project: Any, outputs: dict[str, Any], inbox: str, leftovers: Callable[[], dict[str, list[str]]]
) -> None:
    project.run("destroy", SPEC, "--target", "local", "--yes", "--allow-destroy", "dev")
    project.client("sqs").delete_queue(QueueUrl=inbox)
    assert leftovers() == {}
