"""Rules of AWS IoT, to queues, tables, topics, log groups and other rules, on the local AWS."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/rules.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: rules
tables:
  rows: {partition_key: {device: string}}
  events: {partition_key: {device: string}, sort_key: {at: number}}
queues: {telemetry: {}, heard: {}, again: {}, failed: {}}
topics: {alerts: {subscriptions: [{queue: heard, raw: true}]}}
functions:
  store:
    source: handlers/store
    triggers: [{queue: telemetry}]
    access: {tables: {rows: put}}
  watch:
    source: handlers/watch
    triggers: [{iot: "SELECT *, topic(2) AS device FROM 'state/+'"}]
    access: {tables: {rows: put}}
rules:
  telemetry:
    sql: SELECT *, topic(2) AS device FROM 'dt/+/telemetry'
    to: [{queue: telemetry}]
  events:
    sql: |
      SELECT *, topic(2) AS device, timestamp() AS at
      FROM 'dt/+/event' WHERE level > 3
    to: [{table: events}, {topic: alerts}, {republish: alerts/hot, qos: 1}]
    on_error: {queue: failed}
  again:
    sql: SELECT text, topic(2) AS device FROM 'alerts/+'
    to: [{queue: again}]
  unkeyed:
    sql: SELECT * FROM 'raw/+'
    to: [{table: events}]
  decoded:
    sql: SELECT aws_lambda("${functions.watch}", *) AS decoded FROM 'bytes/+'
    to: [{queue: telemetry}]
    on_error: {log_group: errors}
log_groups: {errors: {log_retention_days: 7}}
metrics:
  errors-by-rule: {log_group: errors, pattern: '{ $.ruleName = "*" }', dimensions: {rule: $.ruleName}}
api: {endpoint_type: edge, auth: none, throttle: {rate: 10}}
endpoints: {/watch: {method: POST, function: watch}}
"""
STORE = """\
import json
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"])


def handler(event, context):
    for record in event["Records"]:
        TABLE.put_item(Item=json.loads(record["body"]))
    return {"batchItemFailures": []}
"""
WATCH = """\
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"])


def handler(event, context):
    TABLE.put_item(Item=event)
"""


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    files = {SPEC: TEXT, "handlers/store/handler.py": STORE, "handlers/watch/handler.py": WATCH}
    for file, text in files.items():
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def _publish(project: Any, topic: str, **message: Any) -> None:
    project.client("iot-data").publish(topic=topic, qos=1, payload=json.dumps(message).encode())


def _bodies(project: Any, url: str) -> list[Any]:
    sqs = project.client("sqs")
    messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def _rows(project: Any, outputs: dict[str, Any], table: str) -> list[Any]:
    rows: list[Any] = project.client("dynamodb").scan(TableName=outputs["table_names"][table])["Items"]
    return rows


def test_what_a_device_publishes_goes_through_a_queue_to_a_function(
    project: Any, deployed: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _publish(project, "dt/lamp/telemetry", celsius=21)
    [row] = eventually(lambda: _rows(project, deployed, "rows"))
    assert row == {"device": {"S": "lamp"}, "celsius": {"N": "21"}}


def test_a_message_triggers_a_function(
    project: Any, deployed: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _publish(project, "state/door", open=True)

    def of_door() -> list[Any]:
        return [row for row in _rows(project, deployed, "rows") if row["device"] == {"S": "door"}]

    assert eventually(of_door) == [{"device": {"S": "door"}, "open": {"BOOL": True}}]


def test_the_status_names_the_rules(project: Any, deployed: dict[str, Any]) -> None:
    del deployed
    shown = project.run("status", "--spec", SPEC, "--target", "local")
    assert {"telemetry", "events", "again", "unkeyed", "watch-iot"} <= set(shown.split())


def test_all_targets_get_what_the_rule_selects(
    project: Any, deployed: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _publish(project, "dt/lamp/event", text="calm", level=1)
    _publish(project, "dt/lamp/event", text="hot", level=5)
    [row] = eventually(lambda: _rows(project, deployed, "events"))
    assert (row["device"], row["text"], row["level"]) == ({"S": "lamp"}, {"S": "hot"}, {"N": "5"})
    [heard] = eventually(lambda: _bodies(project, deployed["queue_urls"]["heard"]))
    assert (heard["device"], heard["text"]) == ("lamp", "hot")
    [again] = eventually(lambda: _bodies(project, deployed["queue_urls"]["again"]))
    assert again == {"device": "hot", "text": "hot"}


def test_what_an_action_fails_at_is_kept_with_the_reason_and_comes_back_to_the_rule(
    project: Any, deployed: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    _publish(project, "raw/lamp", text="no key")
    command = ("dlq", "show", "unkeyed-rule", "--spec", SPEC, "--target", "local", "--format", "json")
    [group] = eventually(lambda: project.json(*command)["groups"])
    assert group["reason"].startswith("DynamoDBv2Action: ")
    [letter] = group["messages"]
    assert json.loads(letter["body"])["topic"] == "raw/lamp"
    project.run("dlq", "redrive", "unkeyed-rule", "--spec", SPEC, "--target", "local")

    def others() -> list[Any]:
        """The message, which has failed again."""
        groups = project.json(*command)["groups"]
        return [one for group in groups for one in group["messages"] if one["id"] != letter["id"]]

    [again] = eventually(others)
    assert json.loads(again["body"])["topic"] == "raw/lamp"


def test_lines_that_a_rule_writes_are_counted_by_a_field(project: Any, deployed: dict[str, Any]) -> None:
    group = deployed["log_group_names"]["errors"]
    found = project.client("logs").describe_metric_filters(logGroupName=group)["metricFilters"]
    [counted] = found[0]["metricTransformations"]
    assert counted["dimensions"] == {"rule": "$.ruleName"}


def test_a_function_that_sql_calls_permits_the_rule(project: Any, deployed: dict[str, Any]) -> None:
    name = deployed["function_names"]["watch"]
    policy = json.loads(project.client("lambda").get_policy(FunctionName=name)["Policy"])
    sources = {one["Sid"]: json.dumps(one.get("Condition", {})) for one in policy["Statement"]}
    assert ":rule/decoded_dev" in sources["rule-decoded"]


def test_a_second_plan_changes_nothing(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed["rule_names"]["telemetry"] == "telemetry_dev"
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")
