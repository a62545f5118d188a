"""A letter run through its handler here, with the event that Lambda gives; the reference pipeline's too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iotgen.errors import IotgenError
from iotgen.invoke import Invocation, Place, run
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.local import server
from iotgen.local.record import LocalAws
from iotgen.operate.dlq.letter import letter_of
from iotgen.operate.dlq.queues import DeadLetterQueue, Opened, dead_letter_queues
from iotgen.operate.dlq.replay import Outcome, event_of, handler_of, new_reasons, outcome
from tests.conftest import REPO, Compiled, compile_spec
from tests.local.calls import client
from tests.operate.dlq.memory_queue import message, opened

READING = {
    "device_id": "d-1",
    "timestamp": 1_700_000_000_000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 20.5},
}


def test_the_event_is_the_one_that_lambda_gives() -> None:
    content = {
        **message(1, '{"a": 1}', reason="why"),
        "ReceiptHandle": "receipt",
        "MD5OfBody": "digest",
    }
    (record,) = event_of(letter_of(content), opened())["Records"]
    assert record == {
        "messageId": "00000001-0000-0000-0000-000000000000",
        "receiptHandle": "receipt",
        "body": '{"a": 1}',
        "attributes": content["Attributes"],
        "messageAttributes": {
            "reason": {
                "stringValue": "why",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": "digest",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q-dev",
        "awsRegion": "us-east-1",
    }


def of_a_function() -> tuple[Compiled, Opened]:
    compiled = compile_spec(
        "version: 1\npipeline: p\nqueues: {q: {}}\nfunctions: {f: {source: f}}\n", rules=()
    )
    queue = DeadLetterQueue(compiled.model.get(Function, "f"), "function", "spec.yaml:4")
    return compiled, replace(opened(), queue=queue)


def test_an_event_that_failed_is_the_event() -> None:
    compiled, at = of_a_function()
    assert event_of(letter_of({**message(1, '{"a": 1}'), "ReceiptHandle": "r"}), at) == {"a": 1}
    assert handler_of(compiled.model, at.queue).key == "f"
    with pytest.raises(IotgenError, match="is not JSON"):
        event_of(letter_of({**message(1, "{"), "ReceiptHandle": "r"}), at)


def test_a_queue_that_nothing_reads_has_no_handler() -> None:
    compiled, _ = of_a_function()
    queue = DeadLetterQueue(compiled.model.get(Queue, "q"), "queue", "spec.yaml:3")
    with pytest.raises(IotgenError) as raised:
        handler_of(compiled.model, queue)
    assert raised.value.message == (
        "no function reads the queue `q` (spec.yaml:3), so nothing can be replayed"
    )
    assert raised.value.hint == "Add it to the `triggers` of a function: `{queue: q}`."


@pytest.mark.parametrize(
    ("result", "failed", "url", "meaning"),
    [
        (None, False, "", Outcome.HANDLED),
        ({"batchItemFailures": []}, False, "https://sqs/other", Outcome.HANDLED),
        ({"batchItemFailures": [{"itemIdentifier": "x"}]}, False, "", Outcome.RETURNED),
        ({"batchItemFailures": []}, False, opened().url, Outcome.REJECTED),
        (None, True, opened().url, Outcome.FAILED),
    ],
)
def test_what_an_invocation_means(result: Any, failed: bool, url: str, meaning: Outcome) -> None:
    assert outcome(opened(), result, [{"QueueUrl": url}], failed=failed) is meaning


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS with what the processor reads."""
    folder = tmp_path_factory.mktemp("project") / ".local"
    aws = server.up(folder)
    client(aws, "ssm").put_parameter(Name="/iot-pipeline/dev/config", Value="{}", Type="String")
    for table, sort_key in (("processed-data-dev", "event_date"), ("raw-sensor-data-dev", "timestamp")):
        keys = {"device_id": "HASH", sort_key: "RANGE"}
        client(aws, "dynamodb").create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        )
    yield aws
    server.down(folder, patience=2)


def replayed(aws: LocalAws, tmp_path: Path, body: object, **options: Any) -> tuple[Opened, Invocation]:
    compiled = compile_spec((REPO / "specs/pipeline.yaml").read_text(encoding="utf-8"), files=REPO)
    assert compiled.pipeline
    (queue, *_) = dead_letter_queues(compiled.pipeline, compiled.document)
    sqs = client(aws, "sqs")
    url = sqs.create_queue(QueueName=queue.name)["QueueUrl"]
    at = Opened(queue, url, f"arn:aws:sqs:us-east-1:000000000000:{queue.name}")
    function = replace(handler_of(compiled.pipeline, queue), layers=())  # they are installed here
    variables = {name: value for name, value in function.environment.items() if isinstance(value, str)}
    place = Place(
        root=REPO,
        cache=tmp_path,
        region="us-east-1",
        account="000000000000",
        credentials=aws.credentials,
        endpoint=aws.endpoint,
        variables=variables
        | {
            "TABLE_PROCESSED_DATA": "processed-data-dev",
            "DEAD_LETTER_QUEUE_IOT_INGESTION": url,
            "TOPIC_DEVICE_ALERTS": "arn:aws:sns:us-east-1:000000000000:device-alerts-dev",
            "PARAMETER_CONFIG": "/iot-pipeline/dev/config",
            "PARAMETER_API_KEY": "/iot-pipeline/dev/api-key",
        },
    )
    letter = letter_of({**message(1, json.dumps(body)), "ReceiptHandle": "r"})
    return at, run(function, event_of(letter, at), place, record=True, **options)


def rows(aws: LocalAws) -> int:
    return int(client(aws, "dynamodb").scan(TableName="processed-data-dev")["Count"])


@pytest.mark.system
def test_dry_the_processor_handles_a_good_reading_and_stores_nothing(aws: LocalAws, tmp_path: Path) -> None:
    at, done = replayed(aws, tmp_path, {"readings": [READING]}, dry=True)
    calls = [call.parameters for call in done.calls]
    assert done.error is None, done.error
    assert outcome(at, done.result, calls, failed=False) is Outcome.HANDLED
    assert [(call.service, call.operation) for call in done.calls] == [("dynamodb", "BatchWriteItem")]
    (request,) = done.calls[0].parameters["RequestItems"]["processed-data-dev"]
    assert request["PutRequest"]["Item"]["event_id"] == {"S": "e-1"}
    assert rows(aws) == 0


@pytest.mark.system
def test_dry_the_processor_rejects_a_bad_reading_and_says_why(aws: LocalAws, tmp_path: Path) -> None:
    at, done = replayed(aws, tmp_path, {**READING, "device_id": ""}, dry=True)
    calls = [call.parameters for call in done.calls]
    assert outcome(at, done.result, calls, failed=False) is Outcome.REJECTED
    (reason,) = new_reasons(at, calls)
    assert "device_id" in reason
    assert "Messages" not in client(aws, "sqs").receive_message(QueueUrl=at.url)


@pytest.mark.system
def test_against_the_target_its_row_is_there(aws: LocalAws, tmp_path: Path) -> None:
    _, done = replayed(aws, tmp_path, READING)
    assert done.error is None, done.error
    assert [call.operation for call in done.calls] == ["BatchWriteItem"]
    assert rows(aws) == 1
