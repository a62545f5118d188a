"""Events that go straight to a queue, a topic, a workflow and another bus, on the local AWS."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/events.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: events
queues: {whole: {}, shaped: {}, heard: {}, ticks: {}, lost: {}}
topics: {news: {subscriptions: [{queue: heard, raw: true}]}}
tables: {runs: {partition_key: {id: string}}}
streams: {records: {}}
buses: {orders: {}, ours: {existing: default}}
log_groups: {seen: {}}
workflows:
  keep:
    definition:
      StartAt: Keep
      States:
        Keep:
          Type: Task
          Resource: arn:aws:states:::dynamodb:putItem
          Parameters: {TableName: "${tables.runs}", Item: {id: {S.$: $.id}}}
          End: true
events:
  placed:
    pattern: {source: [shop], detail: {id: [{exists: true}]}}
    bus: orders
    to:
      - {queue: whole}
      - queue: shaped
        paths: {id: $.detail.id, count: $.detail.count}
        template: '{"id": <id>, "count": <count>, "text": "order <id>"}'
      - {topic: news, paths: {id: $.detail.id}, template: '"order <id>"'}
      - {workflow: keep, paths: {id: $.detail.id}, template: '{"id": <id>}'}
      - {bus: ours}
    failed: lost
  copied:
    pattern: {source: [shop]}
    to: [{queue: shaped, input: {copied: true}}, {stream: records}, {log_group: seen}]
  ticking: {schedule: rate(1 minute), to: [{queue: ticks, input: {job: count}}], failed: lost}
"""


@pytest.fixture(scope="module")
def running(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed, once an order is placed."""
    (project.folder / SPEC).write_text(TEXT, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    entry = {"Source": "shop", "DetailType": "placed", "Detail": json.dumps({"id": "o-1", "count": 3})}
    bus = outputs["bus_names"]["orders"]
    answer = project.client("events").put_events(Entries=[entry | {"EventBusName": bus}])
    assert answer["FailedEntryCount"] == 0
    return outputs


def _bodies(project: Any, outputs: dict[str, Any], queue: str) -> list[str]:
    """The messages of a queue, which stay there."""
    found = project.client("sqs").receive_message(
        QueueUrl=outputs["queue_urls"][queue], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return sorted(one["Body"] for one in found.get("Messages", ()))


def test_a_queue_gets_the_event_as_it_is(
    project: Any, running: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    [body] = eventually(lambda: _bodies(project, running, "whole"))
    assert json.loads(body)["detail"] == {"id": "o-1", "count": 3}


def test_a_template_and_a_constant_make_other_messages(
    project: Any, running: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    def both() -> list[Any]:
        found = [json.loads(body) for body in set(_bodies(project, running, "shaped"))]
        return found if len(found) == 2 else []

    found = eventually(both)
    assert {"id": "o-1", "count": 3, "text": "order o-1"} in found
    assert {"copied": True} in found  # by way of the other bus


def test_a_topic_and_a_workflow_get_what_the_template_makes(
    project: Any, running: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    assert eventually(lambda: _bodies(project, running, "heard")) == ['"order o-1"']
    table = running["table_names"]["runs"]
    rows = eventually(lambda: project.client("dynamodb").scan(TableName=table)["Items"])
    assert rows == [{"id": {"S": "o-1"}}]


def test_a_schedule_sends_its_input(
    project: Any, running: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    bodies = eventually(lambda: _bodies(project, running, "ticks"), 180)
    assert {json.loads(body)["job"] for body in bodies} == {"count"}


def test_status_has_them(project: Any, running: dict[str, Any]) -> None:
    assert running
    answer = json.loads(project.run("status", "--spec", SPEC, "--target", "local", "--format", "json"))
    assert all(f'"{key}"' in json.dumps(answer) for key in ("placed", "copied", "ticking"))
