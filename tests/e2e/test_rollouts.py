"""Functions with a rollout on the local AWS, which has no CodeDeploy: callers get the newest code."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import requests

SPEC = "specs/rollouts.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: shifts
defaults: {function: {runtime: python3.11, rollout: {canary: 10, after: 5}}}
queues: {jobs: {}}
topics: {news: {subscriptions: [{email: ops@example.com}]}}
buckets: {files: {}}
tables: {seen: {partition_key: {id: string}}}
functions:
  front:
    source: handlers/front
    url: {auth: none}
    reserved_concurrency: 5
    access: {functions: {seer: invoke}}
  seer:
    source: handlers/seer
    rollout: {linear: 30, every: 4}
    access: {tables: {seen: put}}
    triggers: [{queue: jobs}, {topic: news}, {bucket: files}]
endpoints:
  /front: {GET: {function: front, auth: none}}
"""
SEER = """\
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_SEEN"])


def handler(event, context):
    source = event["Records"][0] if "Records" in event else {}
    word = source.get("eventSource") or source.get("EventSource") or "direct"
    TABLE.put_item(Item={"id": word})
    return {}
"""
FRONT = """\
import os

import boto3


def handler(event, context):
    boto3.client("lambda").invoke(FunctionName=os.environ["FUNCTION_SEER"], Payload=b"{}")
    return {"statusCode": 200, "body": "VERSION"}
"""


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    for file, text in (
        (SPEC, TEXT),
        ("handlers/front/handler.py", FRONT.replace("VERSION", "first")),
        ("handlers/seer/handler.py", SEER),
    ):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def test_aliases_are_the_newest_code(project: Any, deployed: dict[str, Any]) -> None:
    for name in deployed["function_names"].values():
        (alias,) = project.client("lambda").list_aliases(FunctionName=name)["Aliases"]
        assert (alias["Name"], alias["FunctionVersion"]) == ("live", "$LATEST")
    (mapping,) = project.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert mapping["FunctionArn"].endswith(":function:seer-dev:live")


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def test_every_caller_reaches_the_alias(
    project: Any, deployed: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    project.client("sqs").send_message(QueueUrl=deployed["queue_urls"]["jobs"], MessageBody="{}")
    project.client("sns").publish(TopicArn=deployed["topic_arns"]["news"], Message="news")
    project.client("s3").put_object(Bucket=deployed["bucket_names"]["files"], Key="a", Body=b"")
    assert requests.get(deployed["function_urls"]["front"], timeout=30).text == "first"
    assert requests.get(f"{deployed['api_endpoint']}/front", timeout=30).text == "first"
    table = deployed["table_names"]["seen"]

    def seen() -> bool:
        found = {item["id"]["S"] for item in project.client("dynamodb").scan(TableName=table)["Items"]}
        return found == {"aws:sqs", "aws:sns", "aws:s3", "direct"}

    eventually(seen)


def test_new_code_is_live_with_the_apply(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    handler = project.folder / "handlers/front/handler.py"
    handler.write_text(FRONT.replace("VERSION", "second"), encoding="utf-8")
    outputs = project.apply()
    assert requests.get(outputs["function_urls"]["front"], timeout=30).text == "second"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("handler.py", FRONT.replace("VERSION", "third"))
    # As `iotgen dev` does.
    project.client("lambda").update_function_code(FunctionName="front-dev", ZipFile=packed.getvalue())
    assert requests.get(outputs["function_urls"]["front"], timeout=30).text == "third"
    shown = project.run("status", "--spec", SPEC, "--target", "local")
    assert "the newest code" in shown
