"""The world outside, on the local AWS: names, what exists already, secrets, outputs, a boundary for roles."""

import json
from typing import Any

import pytest

SPEC = "specs/outside.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: acme
permissions_boundary: "arn:aws:iam::{account}:policy/boundary"
role_path: "/{pipeline}/{suffix}/"
tables:
  readings: {name: "SensorData-{suffix}", partition_key: {id: string}}
  devices: {existing: AcmeDevices}
queues:
  jobs: {name: "Jobs_{suffix}"}
  theirs: {existing: acme-theirs}
topics: {news: {name: "{pipeline}-News-{suffix}"}}
parameters: {units: {name: "/acme/{suffix}/units", value: metric}}
secrets:
  token: {name: "acme/{suffix}/token", recovery_days: 0}
  partner: {existing: acme/partner}
functions:
  worker:
    name: "Worker_{suffix}"
    source: handlers/worker
    triggers: [{queue: jobs, batch_window: 0}]
    access:
      tables: {readings: put, devices: {verbs: [get], as: DEVICES}}
      queues: {theirs: send}
      secrets: {token: read, partner: read}
outputs:
  jobs: {queue: jobs, publish: "/acme/{suffix}/jobs-url"}
  theirs: {queue: theirs}
  readings: {table: readings, attribute: arn}
"""
WORKER = """\
import json
import os

import boto3

SECRETS = boto3.client("secretsmanager")
READINGS = boto3.resource("dynamodb").Table(os.environ["TABLE_READINGS"])
DEVICES = boto3.resource("dynamodb").Table(os.environ["DEVICES"])


def handler(event, context):
    secrets = [
        SECRETS.get_secret_value(SecretId=os.environ[name])["SecretString"]
        for name in ("SECRET_TOKEN", "SECRET_PARTNER")
    ]
    for record in event["Records"]:
        device = DEVICES.get_item(Key={"id": record["body"]})["Item"]
        lengths = json.dumps([len(secret) for secret in secrets])
        READINGS.put_item(Item={"id": device["id"], "room": device["room"], "lengths": lengths})
        url = os.environ["QUEUE_THEIRS"]
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=device["room"])
    return {"batchItemFailures": []}
"""


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed beside what others made."""
    for file, text in ((SPEC, TEXT), ("handlers/worker/handler.py", WORKER)):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project.run("local", "up")
    project.client("dynamodb").create_table(
        TableName="AcmeDevices",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    project.client("dynamodb").put_item(
        TableName="AcmeDevices", Item={"id": {"S": "d1"}, "room": {"S": "attic"}}
    )
    project.client("sqs").create_queue(QueueName="acme-theirs")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    boundary = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    project.client("iam").create_policy(PolicyName="boundary", PolicyDocument=boundary)
    project.client("secretsmanager").create_secret(Name="acme/partner", SecretString="four")
    outputs: dict[str, Any] = project.apply()
    return outputs


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def test_the_names_are_those_of_the_spec(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed["table_names"] == {"readings": "SensorData-dev"}
    assert deployed["queue_urls"]["jobs"].endswith("/Jobs_dev")
    assert deployed["topic_arns"]["news"].endswith(":acme-News-dev")
    assert deployed["function_names"] == {"worker": "Worker_dev"}
    role = project.client("iam").get_role(RoleName="Worker_dev")["Role"]
    assert role["Path"] == "/acme/dev/"


def test_outputs_and_what_is_published(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed["jobs"] == deployed["queue_urls"]["jobs"]
    assert deployed["theirs"].endswith("/acme-theirs")
    assert deployed["readings"].endswith(":table/SensorData-dev")
    published = project.client("ssm").get_parameter(Name="/acme/dev/jobs-url")["Parameter"]
    assert published["Value"] == deployed["jobs"]


def test_a_message_meets_secrets_and_what_exists_already(
    project: Any, deployed: dict[str, Any], eventually: Any
) -> None:
    listed = project.json("secret", "list", "--spec", SPEC, "--target", "local", "--format", "json")
    # The emulator gives a secret a version at once, so that it looks set.
    assert [(one["key"], one["deployed"]) for one in listed] == [("token", True)]
    project.run("secret", "set", "token", "--spec", SPEC, "--target", "local", stdin="hunter2\n")
    project.client("sqs").send_message(QueueUrl=deployed["jobs"], MessageBody="d1")

    def rows() -> list[Any]:
        items: list[Any] = project.client("dynamodb").scan(TableName="SensorData-dev")["Items"]
        return items

    (row,) = eventually(rows)
    assert row["room"] == {"S": "attic"}
    assert json.loads(row["lengths"]["S"]) == [len("hunter2"), len("four")]

    def sent() -> list[Any]:
        answer = project.client("sqs").receive_message(QueueUrl=deployed["theirs"], WaitTimeSeconds=1)
        return [message["Body"] for message in answer.get("Messages", ())]

    assert eventually(sent) == ["attic"]


def test_a_destroy_leaves_what_is_not_its_own(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("destroy", SPEC, "--target", "local", "--yes", "--allow-destroy", "dev")
    assert project.client("dynamodb").list_tables()["TableNames"] == ["AcmeDevices"]
    urls = project.client("sqs").list_queues()["QueueUrls"]
    assert [url.rpartition("/")[2] for url in urls] == ["acme-theirs"]
    secrets = project.client("secretsmanager").list_secrets()["SecretList"]
    assert [secret["Name"] for secret in secrets] == ["acme/partner"]
    assert project.client("ssm").describe_parameters()["Parameters"] == []
