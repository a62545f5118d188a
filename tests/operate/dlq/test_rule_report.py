"""What a rule of AWS IoT could not hand on: its reason, its message, and how it is published again."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from iotgen.errors import IotgenError
from iotgen.kinds.rules import KeepingRule, Rule
from iotgen.operate.dlq.edit import Draft
from iotgen.operate.dlq.letter import UNKNOWN, DeadLetter, letter_of
from iotgen.operate.dlq.queues import DeadLetterQueue
from iotgen.operate.dlq.replay import handler_of
from iotgen.operate.dlq.report import letter_lines
from iotgen.operate.dlq.retry import sender
from tests.conftest import compile_spec
from tests.operate.dlq.memory_queue import message

# From https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
FAILURE = {
    "failedAction": "S3Action",
    "failedResource": "verify-user",
    "errorMessage": "Failed to put S3 object. The error received was The specified bucket does not exist "
    "(Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Request ID: 9DF5). Message arrived on: "
    "error/action, Action: s3, Bucket: verify-user, Key: aaa.",
}
SPEC = """\
version: 1
pipeline: p
buckets: {raw: {}}
rules: {telemetry: {sql: "SELECT * FROM 'dt/+'", to: [{bucket: raw, key: "${newuuid()}"}]}}
"""


def report(payload: bytes = b'{"celsius": 21}', **changed: Any) -> str:
    encoded = base64.b64encode(payload).decode()
    body = {"ruleName": "telemetry_dev", "topic": "dt/lamp", "clientId": "lamp"}
    return json.dumps({**body, "base64OriginalPayload": encoded, "failures": [FAILURE], **changed})


def letter(body: str) -> DeadLetter:
    return letter_of({**message(1, body), "ReceiptHandle": "r"})


def queue() -> DeadLetterQueue:
    [rule] = compile_spec(SPEC).model.all(Rule)
    assert isinstance(rule, KeepingRule)
    return DeadLetterQueue(rule, "rule", "spec.yaml:4")


@dataclass
class Data:
    """Takes what is published."""

    published: list[tuple[str, bytes]] = field(default_factory=list)

    def publish(self, *, topic: str, qos: int, payload: bytes) -> None:
        assert qos == 1
        self.published.append((topic, payload))


def test_its_reason_is_the_action_and_the_error_without_what_differs_each_time() -> None:
    reason = "S3Action: Failed to put S3 object. The error received was The specified bucket does not exist"
    assert letter(report()).reason == reason
    assert letter(report(failures=[FAILURE, FAILURE])).reason == reason
    bare = {"failedAction": "LambdaAction", "failedResource": "alerter"}
    assert letter(report(failures=[bare])).reason == "LambdaAction: alerter"
    assert letter(report(failures=[])).reason == UNKNOWN


def test_its_shape_and_text_are_those_of_the_message() -> None:
    one = letter(report())
    assert one.shape.text == "{celsius: number}"
    assert list(letter_lines(one, Draft(one).text))[3:] == ["topic:  dt/lamp", "", '{\n  "celsius": 21\n}']
    assert letter(report(b"\xff")).shape.text == "not JSON"


@pytest.mark.parametrize(
    "body", ["{}", '{"base64OriginalPayload": 1}', report(topic=1)[:-1], report(base64OriginalPayload="é")]
)
def test_any_other_message_is_no_report(body: str) -> None:
    assert letter(body).report is None


def test_it_is_published_again_to_its_rule_alone() -> None:
    data = Data()
    other = replace(letter("{}"), id="other")
    failed = sender(lambda service: {"iot-data": data}[service], queue())([letter(report()), other])
    assert data.published == [("$aws/rules/telemetry_dev/dt/lamp", b'{"celsius": 21}')]
    assert failed == {"other": "it is no report of AWS IoT"}


def test_its_message_is_edited() -> None:
    one = letter(report())
    body = Draft(one).body('{"celsius": 22}', Path("x"))
    assert body
    edited = replace(one, body=body).report
    assert edited
    assert (edited.payload, edited.topic) == (b'{"celsius":22}', "dt/lamp")
    assert Draft(one).body(Draft(one).text, Path("x")) is None


def test_it_cannot_be_replayed_here() -> None:
    with pytest.raises(IotgenError) as caught:
        handler_of(compile_spec(SPEC).model, queue())
    assert str(caught.value) == (
        "what the rule `telemetry` selects is known to AWS IoT only, so nothing can be replayed"
    )
    assert caught.value.hint == "Run `iotgen dlq redrive telemetry-rule`."
