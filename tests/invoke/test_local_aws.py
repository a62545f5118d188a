"""`iotgen invoke` on a real local AWS: variables that lead to what is there, and messages where it is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from iotgen.cli import main
from iotgen.local import server
from iotgen.local.record import LocalAws

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: string}}}
queues: {jobs: {}}
topics: {news: {}}
buckets: {drops: {}}
functions:
  f:
    source: handlers/f
    timeout: 10
    triggers: [{queue: jobs}, {bucket: drops, prefix: in/}]
    access:
      tables: {rows: write}
      queues: {jobs: reject}
      topics: {news: publish}
      buckets: {drops: {read: in/}}
"""
HANDLER = """\
import os
import boto3

def handler(event, context):
    record = event["Records"][0]
    if "s3" in record:
        about = record["s3"]
        got = boto3.client("s3").get_object(Bucket=about["bucket"]["name"], Key=about["object"]["key"])
        return got["Body"].read().decode()
    boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"]).put_item(Item={"id": record["body"]})
    boto3.client("sqs").send_message(QueueUrl=os.environ["DEAD_LETTER_QUEUE_JOBS"], MessageBody="bad")
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_NEWS"], Message="new")
    return os.environ["BUCKET_DROPS"]
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "handlers/f").mkdir(parents=True)
    (root / "handlers/f/handler.py").write_text(HANDLER, encoding="utf-8")
    (root / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def aws(root: Path) -> Iterator[LocalAws]:
    folder = root / "out/.local"
    yield server.up(folder)
    server.down(folder)


@pytest.fixture
def invoke(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(root)

    def run(*arguments: str) -> tuple[int, str, str]:
        command = ["iotgen", "invoke", "f", "--spec", "spec.yaml", "--target", "local", *arguments]
        monkeypatch.setattr(sys, "argv", command)
        capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main()
        out, err = capfd.readouterr()
        assert isinstance(exited.value.code, int)
        return exited.value.code, out, err

    return run


Invoke = Callable[..., tuple[int, str, str]]


def test_what_is_not_deployed_is_named(invoke: Invoke, aws: LocalAws) -> None:
    code, _, err = invoke("--sample", "queue")
    assert code == 3
    assert "error: `DEAD_LETTER_QUEUE_JOBS`, the queue `jobs` is not deployed\n" in err


def test_a_handler_works_with_what_is_deployed(invoke: Invoke, aws: LocalAws, root: Path) -> None:
    session = boto3.Session(aws.access_key, aws.secret_key, region_name="us-east-1")
    sqs = session.client("sqs", endpoint_url=aws.endpoint)
    queue = sqs.create_queue(QueueName="jobs-dlq-dev")["QueueUrl"]
    session.client("dynamodb", endpoint_url=aws.endpoint).create_table(
        TableName="rows-dev",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    session.client("sns", endpoint_url=aws.endpoint).create_topic(Name="news-dev")
    s3 = session.client("s3", endpoint_url=aws.endpoint)
    bucket = "drops-dev-000000000000-us-east-1"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in/one.txt", Body=b"one")

    assert invoke("--sample", "queue")[:2] == (0, f'"{bucket}"\n')
    table = session.resource("dynamodb", endpoint_url=aws.endpoint).Table("rows-dev")
    assert table.scan()["Items"] == [{"id": '{"message": "sample"}'}]
    assert [message["Body"] for message in sqs.receive_message(QueueUrl=queue)["Messages"]] == ["bad"]
    assert invoke("--sample", "bucket")[:2] == (0, '"one"\n')

    event = {"Records": [{"body": "mine"}]}
    (root / "event.json").write_text(json.dumps(event), encoding="utf-8")
    code, out, _ = invoke("--event", "event.json", "--format", "json")
    assert (code, json.loads(out)["result"]) == (0, bucket)

    code, _, err = invoke("--event", "spec.yaml")
    assert (code, "error: spec.yaml is not JSON: " in err) == (1, True)
    (root / "event.json").write_text("{}", encoding="utf-8")
    code, out, err = invoke("--event", "event.json")
    assert (code, out) == (1, "")
    assert f'  File "{root}/handlers/f/handler.py", line 5, in handler\n' in err
    assert "f failed: KeyError: 'Records'\n" in err
