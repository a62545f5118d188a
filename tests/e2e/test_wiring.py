"""Topics, buckets, streams and tables that feed queues and functions, on the local AWS."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/wiring.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: wiring
tables:
  rows:
    partition_key: {id: string}
    indexes: {by-kind: {partition_key: {kind: string}}}
queues:
  inbox:
    accept:
      - {account: "210987654321"}
      - {service: events.amazonaws.com, source: "arn:aws:events:us-east-1:{account}:rule/nightly"}
  files: {}
  ordered: {fifo: true, content_deduplication: true}
topics:
  news:
    subscriptions:
      - {queue: inbox, raw: true, filter: {kind: [alarm]}, filter_scope: body, failed: files}
      - {delivery: shaped, raw: true}
buckets:
  uploads:
    notify: [{queue: files, prefix: in/, suffix: .json}]
    cors: {origins: ["https://ui.example.com"], methods: [GET, PUT]}
    lifecycle: [{prefix: raw/, infrequent_days: 30, archive_days: 90, expire_days: 365}]
parameters: {state: {initial: first}, place: {value: plant-2}}
alarms:
  notify: news
  metrics: {calls: {namespace: Own, metric: Calls, threshold: 1, periods: 3, datapoints: 2, on_ok: false}}
streams: {readings: {}}
deliveries:
  archive: {bucket: uploads, prefix: raw/, compressed: false, buffer: {size: 1, seconds: 0}}
  shaped: {bucket: uploads, compressed: false, transform: shape, error_prefix: failed/}
  rows: {bucket: uploads, format: parquet, columns: {id: string}}
functions:
  store:
    source: handlers/store
    triggers: [{stream: readings, batch_size: 10}]
    access: {tables: {rows: put}}
  follow:
    source: handlers/follow
    triggers: [{table: rows, changes: [insert], filter: {dynamodb: {NewImage: {kind: {S: [alarm]}}}}}]
    access: {queues: {ordered: send}, deliveries: {rows: put}}
  shape:
    source: handlers/shape
    environment: {PLACE: {parameter: place}, STATE: {parameter: state}}
    access: {parameters: {state: put}}
"""
SHAPE = """\
import base64
import os


def handler(event, context):
    place = os.environ["PLACE"] + "/" + os.environ["STATE"] + "/"
    data = [place.encode() + base64.b64decode(one["data"]) for one in event["records"]]
    shaped = [{"result": "Ok", "data": base64.b64encode(one).decode()} for one in data]
    return {"records": [one | change for one, change in zip(event["records"], shaped)]}
"""
STORE = """\
import base64
import json
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"])


def handler(event, context):
    for record in event["Records"]:
        TABLE.put_item(Item=json.loads(base64.b64decode(record["kinesis"]["data"])))
    return {"batchItemFailures": []}
"""
FOLLOW = """\
import os

import boto3

SQS = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["id"]["S"]
        SQS.send_message(QueueUrl=os.environ["QUEUE_ORDERED"], MessageBody=key, MessageGroupId="all")
    return {"batchItemFailures": []}
"""


@pytest.fixture(scope="module")
def wired(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    for file, text in (
        (SPEC, TEXT),
        ("handlers/store/handler.py", STORE),
        ("handlers/follow/handler.py", FOLLOW),
        ("handlers/shape/handler.py", SHAPE),
    ):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def _bodies(project: Any, outputs: dict[str, Any], queue: str) -> list[str]:
    sqs, url = project.client("sqs"), outputs["queue_urls"][queue]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get(
        "Messages", []
    )
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


def test_a_topic_delivers_what_matches_as_it_was_published(
    project: Any, wired: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    topic = wired["topic_arns"]["news"]
    for kind in ("calm", "alarm"):
        project.client("sns").publish(TopicArn=topic, Message=json.dumps({"kind": kind}))
    assert eventually(lambda: _bodies(project, wired, "inbox")) == ['{"kind": "alarm"}']


def test_a_bucket_tells_a_queue_of_objects_under_its_prefix(
    project: Any, wired: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    bucket = wired["bucket_names"]["uploads"]
    for key in ("out/a.json", "in/a.txt", "in/a.json"):
        project.client("s3").put_object(Bucket=bucket, Key=key, Body=b"{}")

    def keys() -> list[str]:
        events = [json.loads(body) for body in _bodies(project, wired, "files")]
        return [record["s3"]["object"]["key"] for event in events for record in event.get("Records", ())]

    assert eventually(keys) == ["in/a.json"]


def test_records_become_rows_and_the_changes_that_match_go_on(
    project: Any, wired: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    for id, kind in (("a", "calm"), ("b", "alarm")):
        data = json.dumps({"id": id, "kind": kind}).encode()
        stream = wired["stream_names"]["readings"]
        project.client("kinesis").put_record(StreamName=stream, Data=data, PartitionKey=id)
    assert eventually(lambda: _bodies(project, wired, "ordered")) == ["b"]
    found = project.client("dynamodb").query(
        TableName=wired["table_names"]["rows"],
        IndexName="by-kind",
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "calm"}},
    )
    assert [row["id"]["S"] for row in found["Items"]] == ["a"]


def test_a_delivery_puts_records_into_the_bucket_by_their_day(
    project: Any, wired: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    project.client("firehose").put_record(
        DeliveryStreamName=wired["delivery_names"]["archive"], Record={"Data": b'{"id": "c"}'}
    )

    def objects() -> list[str]:
        answer = project.client("s3").list_objects_v2(Bucket=wired["bucket_names"]["uploads"], Prefix="raw/")
        return [one["Key"] for one in answer.get("Contents", ())]

    assert eventually(objects)[0].startswith(f"raw/{time.strftime('%Y/%m/', time.gmtime())}")


def test_a_function_transforms_records_with_the_values_of_parameters(
    project: Any, wired: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    project.client("firehose").put_record(
        DeliveryStreamName=wired["delivery_names"]["shaped"], Record={"Data": b"d"}
    )
    s3, bucket = project.client("s3"), wired["bucket_names"]["uploads"]

    def bodies() -> list[bytes]:
        found = s3.list_objects_v2(Bucket=bucket, Prefix="shaped/").get("Contents", ())
        return [s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read().strip() for one in found]

    assert eventually(bodies) == [b"plant-2/first/d"]


def test_a_bucket_takes_its_lifecycle_and_web_pages(project: Any, wired: dict[str, Any]) -> None:
    s3, bucket = project.client("s3"), wired["bucket_names"]["uploads"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    (own,) = [rule for rule in rules if rule["ID"] == "raw/"]
    assert [move["Days"] for move in own["Transitions"]] == [30, 90]
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedMethods"] == ["GET", "PUT"]
