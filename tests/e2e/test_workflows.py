"""Workflows on the local AWS: started by functions, events and a schedule, they use what the spec has."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/workflows.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: workflows
tables: {runs: {partition_key: {id: string}}}
queues: {done: {}}
buses: {orders: {}}
workflows:
  ingest:
    definition: workflows/ingest.asl.json
    log_level: all
    triggers:
      - {schedule: rate(1 minute), input: {by: schedule}}
      - event: {source: [shop]}
      - {event: {source: [orders]}, bus: orders}
functions:
  transform: {source: handlers/transform}
  starter: {source: handlers/starter, access: {workflows: {ingest: start}}}
  seller: {source: handlers/seller, access: {buses: {orders: write}}}
"""
DEFINITION = """\
{
  "StartAt": "Transform",
  "States": {
    "Transform": {
      "Type": "Task",
      "Resource": "${functions.transform}",
      "ResultPath": "$.made",
      "Next": "Store"
    },
    "Store": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {"TableName": "${tables.runs}", "Item": {"id": {"S.$": "$.made.by"}}},
      "ResultPath": null,
      "Next": "Send"
    },
    "Send": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Parameters": {"QueueUrl": "${queues.done}", "MessageBody.$": "$.made.by"},
      "End": true
    }
  }
}
"""
TRANSFORM = """\
def handler(event, context):
    return {"by": event.get("by") or event["source"]}
"""
STARTER = """\
import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    states.start_execution(stateMachineArn=os.environ["WORKFLOW_INGEST"], input='{"by": "function"}')
"""


SELLER = """\
import os

import boto3

events = boto3.client("events")


def handler(event, context):
    entry = {"Source": "orders", "DetailType": "order", "Detail": "{}"}
    answer = events.put_events(Entries=[entry | {"EventBusName": os.environ["BUS_ORDERS"]}])
    assert answer["FailedEntryCount"] == 0
"""


@pytest.fixture(scope="module")
def running(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    files = {
        SPEC: TEXT,
        "workflows/ingest.asl.json": DEFINITION,
        "handlers/transform/handler.py": TRANSFORM,
        "handlers/starter/handler.py": STARTER,
        "handlers/seller/handler.py": SELLER,
    }
    for file, text in files.items():
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def _rows(project: Any, outputs: dict[str, Any]) -> set[str]:
    items = project.client("dynamodb").scan(TableName=outputs["table_names"]["runs"])["Items"]
    return {item["id"]["S"] for item in items}


def _sent(project: Any, outputs: dict[str, Any]) -> int:
    asked = ["ApproximateNumberOfMessages"]
    of_queue = {"QueueUrl": outputs["queue_urls"]["done"], "AttributeNames": asked}
    return int(project.client("sqs").get_queue_attributes(**of_queue)["Attributes"][asked[0]])


def test_a_function_events_and_a_schedule_start_it(
    project: Any, running: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    project.client("lambda").invoke(FunctionName=running["function_names"]["starter"])
    entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({})}
    project.client("events").put_events(Entries=[entry])
    project.client("lambda").invoke(FunctionName=running["function_names"]["seller"])
    wanted = {"function", "shop", "orders", "schedule"}
    assert eventually(lambda: _rows(project, running) >= wanted, 180)
    # The local AWS takes what a scheduled execution sends for a call without TLS, which the queue refuses.
    assert eventually(lambda: _sent(project, running) >= len(wanted - {"schedule"}), 30)


def test_status_has_it(project: Any, running: dict[str, Any]) -> None:
    assert running
    answer = json.loads(project.run("status", "--spec", SPEC, "--target", "local", "--format", "json"))
    assert "ingest" in json.dumps(answer)
