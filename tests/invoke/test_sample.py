"""Samples have the shapes of AWS's own events, with the names of the spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.errors import IotgenError
from iotgen.invoke import Sample, sample
from iotgen.kinds.functions import Function
from iotgen.model.live import Live
from iotgen.triggers.queue import queue_event

if TYPE_CHECKING:
    from tests.conftest import Compile

EVENTS = Path(__file__).parent.parent / "handlers/events"
SPEC = """
version: 1
pipeline: p
functions:
  f:
    source: f
    triggers: [{queue: jobs}, {bucket: drops, prefix: in/, suffix: .csv}]
  sender: {source: f, access: {queues: {jobs: send}}}
  alone: {source: f}
queues: {jobs: {}}
buckets: {drops: {}}
endpoints:
  "/devices/{id}": {method: GET, function: f, parameters: {day: required, page: optional}}
  /jobs: {method: POST, function: sender, body: schema.json}
"""
SCHEMA = '{"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}'


class Aws:
    """The account, and a bucket's objects."""

    def __init__(self, *keys: str) -> None:
        self._keys = keys

    def __call__(self, _service: str) -> Aws:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:aws:iam::123456789012:user/me"}

    def list_objects_v2(self, *, Bucket: str, Prefix: str, MaxKeys: int) -> dict[str, Any]:  # noqa: N803
        assert (Bucket, Prefix) == ("drops-dev-123456789012-us-east-1", "in/")
        return {"Contents": [{"Key": key, "Size": 3, "ETag": '"e"'} for key in self._keys[:MaxKeys]]}


def made(compile_spec: Compile, function: str, of: str | None, aws: Aws | None = None) -> Sample:
    pipeline = compile_spec(SPEC).model
    live = Live("us-east-1", aws or Aws())
    texts = {"schema.json": SCHEMA}
    chosen = pipeline.get(Function, function)
    return sample(chosen, pipeline, texts, live, of=of, now=1_700_000_000_000, id="an-id")


def shape(value: Any) -> Any:
    """The names and types of an event."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else type(value)


def keys(value: Any, *path: str) -> set[str]:
    for name in path:
        value = value[name]
    return set(value)


def recorded(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def test_a_request_has_the_shape_of_a_recorded_one(compile_spec: Compile) -> None:
    event = made(compile_spec, "sender", "api").event
    real = recorded("api_proxy")
    assert event.keys() == real.keys()
    assert keys(event, "requestContext") == keys(real, "requestContext")
    assert keys(event, "requestContext", "identity") == keys(real, "requestContext", "identity")
    assert event["requestContext"]["requestTime"] == real["requestContext"]["requestTime"]
    assert (event["path"], event["httpMethod"], json.loads(event["body"])) == ("/jobs", "POST", {"n": 1})


def test_a_request_has_what_its_endpoint_requires(compile_spec: Compile) -> None:
    found = made(compile_spec, "f", "api")
    assert found.what == "GET /devices/{id}"
    assert (found.event["resource"], found.event["path"]) == ("/devices/{id}", "/devices/sample-id")
    assert found.event["pathParameters"] == {"id": "sample-id"}
    assert found.event["queryStringParameters"] == {"day": "sample"}
    assert found.event["body"] is None


def test_a_message_has_the_shape_of_a_recorded_one_and_what_an_endpoint_lets_in(
    compile_spec: Compile,
) -> None:
    found = made(compile_spec, "f", "queue")
    (record,) = found.event["Records"]
    (real,) = recorded("sqs")["Records"]
    del real["attributes"]["AWSTraceHeader"]
    assert shape(record) == shape(real)
    assert (record["body"], record["eventSourceARN"]) == (
        '{"n": 1}',
        "arn:aws:sqs:us-east-1:123456789012:jobs-dev",
    )
    assert found.what == "messages of `jobs`"


def test_an_object_has_the_shape_of_a_recorded_one_and_is_one_that_is_there(compile_spec: Compile) -> None:
    event = made(compile_spec, "f", "bucket", Aws("in/readme.txt", "in/an ä.csv")).event
    assert shape(event) == shape(recorded("s3_object_created"))
    assert event["Records"][0]["s3"]["object"]["key"] == "in/an+%C3%A4.csv"


def test_records_of_a_tumbling_window_come_with_its_state(compile_spec: Compile) -> None:
    pipeline = compile_spec("""
version: 1
pipeline: p
streams: {readings: {}}
tables: {rows: {partition_key: {id: string}}}
functions:
  of-stream: {source: f, triggers: [{stream: readings, tumbling_window: 900}]}
  of-table: {source: f, triggers: [{table: rows, tumbling_window: 60}]}
""").model
    for key, start, end in (
        ("of-stream", "2023-11-14T22:00:00Z", "2023-11-14T22:15:00Z"),
        ("of-table", "2023-11-14T22:13:00Z", "2023-11-14T22:14:00Z"),
    ):
        function = pipeline.get(Function, key)
        live = Live("us-east-1", Aws())
        event = sample(function, pipeline, {}, live, of=None, now=1_700_000_000_000, id="an-id").event
        assert event["window"] == {"start": start, "end": end}
        assert (event["state"], event["isFinalInvokeForWindow"]) == ({}, False)
        assert len(event["Records"]) == 1


def test_without_an_object_its_name_is_made_up(compile_spec: Compile) -> None:
    event = made(compile_spec, "f", "bucket").event
    assert event["Records"][0]["s3"]["object"]["key"] == "in/sample.csv"


def test_by_default_it_is_what_calls_the_function_first(compile_spec: Compile) -> None:
    assert made(compile_spec, "f", None).what == "GET /devices/{id}"
    assert made(compile_spec, "alone", None) == Sample(
        {}, "an empty event, since nothing in the spec calls it"
    )


@pytest.mark.parametrize(
    ("function", "of", "message", "hint"),
    [
        ("alone", "queue", "no queue calls `alone`", "Give an event with `--event`."),
        (
            "sender",
            "bucket",
            "no bucket calls `sender`",
            "Choose `--sample api`, or give an event with `--event`.",
        ),
        ("alone", "api", "no endpoint calls `alone`", "Give an event with `--event`."),
    ],
)
def test_a_sample_that_nothing_makes_is_refused(
    compile_spec: Compile, function: str, of: str, message: str, hint: str
) -> None:
    with pytest.raises(IotgenError) as caught:
        made(compile_spec, function, of)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_received_message_becomes_the_event_that_lambda_makes_of_it() -> None:
    message = {
        "MessageId": "m",
        "ReceiptHandle": "r",
        "Body": "b",
        "MD5OfBody": "5",
        "Attributes": {"ApproximateReceiveCount": "4"},
        "MessageAttributes": {
            "a": {"StringValue": "x", "DataType": "String"},
            "b": {"BinaryValue": b"\x00", "DataType": "Binary"},
        },
    }
    (record,) = queue_event([message], "arn", "us-east-1")["Records"]
    assert record["attributes"] == {"ApproximateReceiveCount": "4"}
    none: dict[str, list[str]] = {"stringListValues": [], "binaryListValues": []}
    assert record["messageAttributes"] == {
        "a": {"stringValue": "x", "dataType": "String", **none},
        "b": {"binaryValue": "AA==", "dataType": "Binary", **none},
    }
