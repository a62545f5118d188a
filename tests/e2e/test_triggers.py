"""What triggers functions beside queues, buckets, streams and tables, on the local AWS."""

import json
from collections.abc import Callable
from typing import Any

import pytest

SPEC = "specs/triggers.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: triggers
topics: {news: {}}
queues: {done: {}, failed: {}, jobs: {}}
functions:
  work:
    source: handlers/work
    log_group: /triggers/{suffix}/work
    async: {retries: 0, max_age: 60, on_success: {queue: done}, on_failure: {queue: failed}}
    triggers: [{event: {source: [shop-floor]}}]
  note:
    source: handlers/note
    triggers:
      - {schedule: rate(1 minute), input: {job: clean}, name: "clean-{suffix}"}
      - event: {source: [shop], detail: {status: [{prefix: FAIL}]}}
        name: "failures-{suffix}"
      - {topic: news, filter: {kind: [alarm]}}
  look:
    source: handlers/note
    triggers: [{dead_letters: jobs}]
  watch:
    source: handlers/note
    triggers: [{log_group: note, pattern: FAILED}]
"""
NOTE = """\
import base64
import gzip
import json


def handler(event, context):
    if "awslogs" in event:
        event = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        event = {"lines": len(event["logEvents"]), "group": event["logGroup"]}
    print("noted " + json.dumps(event))
"""
WORK = """\
def handler(event, context):
    return {"answer": 42 / event["divisor"]}
"""


@pytest.fixture(scope="module")
def triggered(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    handlers = (("handlers/note/handler.py", NOTE), ("handlers/work/handler.py", WORK))
    for file, text in ((SPEC, TEXT), *handlers):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def _noted(project: Any, outputs: dict[str, Any], function: str) -> list[Any]:
    """The events that a function was called with."""
    group = f"/aws/lambda/{outputs['function_names'][function]}"
    found = project.client("logs").filter_log_events(logGroupName=group)["events"]
    lines = [line for event in found for line in event["message"].splitlines()]
    return [json.loads(line.partition("noted ")[2]) for line in lines if line.startswith("noted ")]


def test_a_second_plan_is_empty(project: Any, triggered: dict[str, Any]) -> None:
    assert triggered
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def test_events_that_match_the_pattern_come_and_their_lines_go_on(
    project: Any, triggered: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    entries = [
        {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"status": status})}
        for status in ("DONE", "FAILED")
    ]
    project.client("events").put_events(Entries=entries)

    def statuses() -> list[str]:
        events = _noted(project, triggered, "note")
        return [one["detail"]["status"] for one in events if one.get("source") == "shop"]

    assert eventually(statuses) == ["FAILED"]
    group = f"/aws/lambda/{triggered['function_names']['note']}"
    assert {"lines": 1, "group": group} in eventually(lambda: _noted(project, triggered, "watch"))


def test_messages_that_match_the_filter_come(
    project: Any, triggered: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    for kind in ("calm", "alarm"):
        project.client("sns").publish(
            TopicArn=triggered["topic_arns"]["news"],
            Message=kind,
            MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}},
        )

    def messages() -> list[str]:
        events = _noted(project, triggered, "note")
        return [record["Sns"]["Message"] for one in events for record in one.get("Records", ())]

    assert eventually(messages) == ["alarm"]


def test_dead_letters_come(project: Any, triggered: dict[str, Any], eventually: Callable[..., Any]) -> None:
    letters = triggered["dead_letter_queue_urls"]["jobs"]
    project.client("sqs").send_message(QueueUrl=letters, MessageBody="unreadable")

    def bodies() -> list[str]:
        events = _noted(project, triggered, "look")
        return [record["body"] for one in events for record in one.get("Records", ())]

    assert eventually(bodies) == ["unreadable"]


def test_what_has_a_name_of_its_own_has_it(project: Any, triggered: dict[str, Any]) -> None:
    suffix = triggered["function_names"]["note"].removeprefix("note-")
    assert project.client("scheduler").get_schedule(Name=f"clean-{suffix}")
    assert project.client("events").describe_rule(Name=f"failures-{suffix}")
    group = f"/triggers/{suffix}/work"
    found = project.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert [one["logGroupName"] for one in found] == [group]


def test_a_schedule_calls_with_its_input(
    project: Any, triggered: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    assert eventually(
        lambda: [one for one in _noted(project, triggered, "note") if one == {"job": "clean"}], 180
    )


def test_records_of_asynchronous_calls_come_beside_dead_letters(
    project: Any, triggered: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    for divisor in (2, 0):
        project.client("lambda").invoke(
            FunctionName=triggered["function_names"]["work"],
            InvocationType="Event",
            Payload=json.dumps({"divisor": divisor}),
        )
    sqs = project.client("sqs")

    def received(url: str) -> Any:
        found = sqs.receive_message(QueueUrl=url).get("Messages")
        return found and json.loads(found[0]["Body"])

    failed = eventually(lambda: received(triggered["queue_urls"]["failed"]))
    assert failed["requestPayload"] == {"divisor": 0}
    assert eventually(lambda: received(triggered["dead_letter_queue_urls"]["work-async"])) == {"divisor": 0}
