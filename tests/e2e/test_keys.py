"""KMS keys on the local AWS: one of the spec and one that exists already, on what they encrypt."""

from typing import Any

import pytest

SPEC = "specs/keys.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: acme
keys:
  data: {deletion_days: 7}
  shared: {existing: alias/acme-shared}
tables: {readings: {partition_key: {id: string}, kms_key: data}}
queues: {jobs: {kms_key: data}, audit: {kms_key: shared}}
topics: {news: {kms_key: data, subscriptions: [{queue: jobs, raw: true}]}}
buckets: {files: {kms_key: shared}}
functions:
  worker:
    source: handlers/worker
    kms_key: data
    triggers: [{queue: jobs, batch_window: 0}]
    access: {tables: {readings: put}, queues: {audit: send}, buckets: {files: [write]}}
"""
WORKER = """\
import os

import boto3

READINGS = boto3.resource("dynamodb").Table(os.environ["TABLE_READINGS"])


def handler(event, context):
    for record in event["Records"]:
        READINGS.put_item(Item={"id": record["body"]})
        boto3.client("s3").put_object(Bucket=os.environ["BUCKET_FILES"], Key=record["body"], Body=b"x")
        boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_AUDIT"], MessageBody=record["body"])
    return {"batchItemFailures": []}
"""


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed beside a key with an alias."""
    for file, text in ((SPEC, TEXT), ("handlers/worker/handler.py", WORKER)):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project.run("local", "up")
    kms = project.client("kms")
    shared = kms.create_key(Description="shared")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/acme-shared", TargetKeyId=shared)
    outputs: dict[str, Any] = project.apply()
    return outputs


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def _key(project: Any, queue_url: str) -> str:
    asked = project.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["KmsMasterKeyId"])
    return str(asked["Attributes"]["KmsMasterKeyId"])


def _arn(project: Any, alias: str) -> str:
    return str(project.client("kms").describe_key(KeyId=alias)["KeyMetadata"]["Arn"])


def test_queues_and_their_dead_letters_have_their_keys(project: Any, deployed: dict[str, Any]) -> None:
    own, shared = _arn(project, "alias/data-dev"), _arn(project, "alias/acme-shared")
    for urls in (deployed["queue_urls"], deployed["dead_letter_queue_urls"]):
        assert (_key(project, urls["jobs"]), _key(project, urls["audit"])) == (own, shared)


def test_a_message_goes_through_all_of_it(project: Any, deployed: dict[str, Any], eventually: Any) -> None:
    project.client("sns").publish(TopicArn=deployed["topic_arns"]["news"], Message="r1")

    def rows() -> list[Any]:
        items: list[Any] = project.client("dynamodb").scan(TableName="readings-dev")["Items"]
        return items

    assert eventually(rows) == [{"id": {"S": "r1"}}]


def test_the_key_is_a_loss_to_be_named(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("destroy", SPEC, "--target", "local", "--yes", "--allow-destroy", "dev")
    kms = project.client("kms")
    states = {
        kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]
    }
    assert states == {"Enabled", "PendingDeletion"}
