"""Pipelines of other sources: topics, streams, changes of tables, rules that call functions, schedules."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from iotgen.cli.environment import sound
from iotgen.prove import Campaign, campaign, subject

pytestmark = pytest.mark.system

_SPEC = """
version: 1
pipeline: sources
region: us-east-1
defaults: {{function: {{runtime: python3.11, timeout: 10}}}}
tables:
  rows: {{partition_key: {{device_id: string}}, sort_key: {{id: string}}}}
  copies: {{partition_key: {{device_id: string}}, sort_key: {{id: string}}}}
functions:
  store:
    source: handlers/store
    triggers: [{trigger}]
    access: {{tables: {{rows: put}}}}
{more}
"""
_COPY = """
  copy:
    source: handlers/copy
    triggers: [{table: rows, batch_size: 10, changes: [insert]}]
    access: {tables: {copies: put}}
"""
_STORE = """
import base64, hashlib, json, os, boto3

ROWS = boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"])

def handler(event, context):
    failed = []
    for record in event.get("Records") or [event]:
        try:
            document = json.loads(text(record))
            for reading in document.get("readings", [document]):
                store(reading)
        except Exception:
            if "body" not in record:
                raise
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}

def text(record):
    if "Sns" in record:
        return record["Sns"]["Message"]
    if "kinesis" in record:
        return base64.b64decode(record["kinesis"]["data"]).decode()
    if "body" not in record:
        return json.dumps(record)
    body = json.loads(record["body"])
    return body["Message"] if "TopicArn" in body else record["body"]

def store(reading):
    data = reading.get("sensor_data")
    if data is None:
        return
    digest = hashlib.sha256(json.dumps(reading, sort_keys=True).encode()).hexdigest()
    row = {name: str(value) for name, value in data.items()}
    ROWS.put_item(Item={"device_id": reading["device_id"], "id": digest, **row})
"""
_COPIES = """
import os, boto3

CLIENT = boto3.client("dynamodb")

def handler(event, context):
    for record in event["Records"]:
        CLIENT.put_item(TableName=os.environ["TABLE_COPIES"], Item=record["dynamodb"]["NewImage"])
"""

CampaignOf = Callable[..., Campaign]


@pytest.fixture
def campaign_of(tmp_path: Path) -> Iterator[CampaignOf]:
    """The campaign of a spec with a trigger, and more of the spec; with another text in the first handler."""
    with ExitStack() as stack:

        def of(trigger: str, more: str = "", old: str = "", new: str = "") -> Campaign:
            for name, text in (("store", _STORE.replace(old, new) if old else _STORE), ("copy", _COPIES)):
                folder = tmp_path / "handlers" / name
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "handler.py").write_text(text, "utf-8")
            spec = tmp_path / "iotgen.yaml"
            spec.write_text(_SPEC.format(trigger=trigger, more=more), "utf-8")
            checked, pipeline = sound(spec, "dev")
            tried = stack.enter_context(subject(pipeline, checked.root, tmp_path / "cache", print))
            return stack.enter_context(campaign(tried, 1))

        yield of


_TOPIC = "topics: {readings: {}}"
_STREAM = "streams: {readings: {shards: 2}}"
_QUEUE = "queues: {inbox: {max_receives: 5}}\n"


@pytest.mark.parametrize(
    ("trigger", "more", "source"),
    [
        ("{topic: readings}", _TOPIC, "topic readings"),
        (
            "{topic: readings, filter: {device_id: [{prefix: device-}]}, filter_scope: body}",
            _TOPIC,
            "topic readings",
        ),
        (
            "{queue: inbox, filter: [{body: {device_id: [{exists: true}]}}, "
            "{body: {readings: {device_id: [{exists: true}]}}}]}",
            _QUEUE,
            "queue inbox",
        ),
        (
            "{queue: inbox}",
            _QUEUE + "topics: {readings: {subscriptions: [{queue: inbox}]}}",
            "topic readings",
        ),
        (
            "{queue: inbox}",
            _QUEUE + "topics: {readings: {subscriptions: [{queue: inbox, raw: true}]}}",
            "topic readings",
        ),
        ("{stream: readings, batch_size: 10}", _STREAM, "stream readings"),
        (
            "{stream: readings, bisect: false, filter: {data: {device_id: [{exists: true}]}}}",
            _STREAM,
            "stream readings",
        ),
        ("{iot: \"SELECT * FROM 'dt/+/telemetry'\"}", "", "rule store-iot"),
    ],
)  # fmt: skip
def test_readings_of_each_source_are_kept(
    trigger: str, more: str, source: str, campaign_of: CampaignOf
) -> None:
    running = campaign_of(trigger, f"{_COPY}\n{more}")
    assert running.places()[source].tables == ("copies-dev", "rows-dev")
    tally = running.run(range(300), lambda so_far: not so_far.failed)
    assert not tally.broken


def test_one_bad_record_takes_others_with_it_unless_batches_are_halved(campaign_of: CampaignOf) -> None:
    careless = ("if data is None:\n        return", "if data is None:\n        raise ValueError(reading)")
    halved = "{stream: readings, batch_size: 10, bisect: true}"
    tally = campaign_of(halved, _STREAM, *careless).run(range(300), lambda so_far: not so_far.failed)
    assert not tally.broken
    assert tally.met["given_up"]
    whole = halved.replace("true", "false")
    tally = campaign_of(whole, _STREAM, *careless).run(range(300), lambda so_far: not so_far.failed)
    assert tally.broken


@pytest.mark.parametrize("trigger", ["{topic: readings}", "{stream: readings}"])
def test_a_failure_that_is_swallowed_is_found(trigger: str, campaign_of: CampaignOf) -> None:
    more = _TOPIC if "topic" in trigger else _STREAM
    running = campaign_of(trigger, more, "                raise\n", "                return None\n")
    assert running.run(range(300), lambda so_far: not so_far.failed).failed


def test_events_come_by_themselves_where_they_are_taken(campaign_of: CampaignOf) -> None:
    ticking = "{stream: readings}, {schedule: rate(5 minutes)}, {event: {source: [app]}}"
    tally = campaign_of(ticking, _STREAM).run(range(100), lambda _: True)
    assert not tally.broken
    failing = ('event.get("Records") or [event]', 'event["Records"]')
    tally = campaign_of(ticking, _STREAM, *failing).run(range(100), lambda _: True)
    assert not tally.broken
