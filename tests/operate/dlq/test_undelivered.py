"""What a topic, a rule, a schedule or a stream could not deliver: why, and how its function gets it now."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iotgen.errors import IotgenError
from iotgen.operate.dlq.letter import UNKNOWN, DeadLetter, letter_of
from iotgen.operate.dlq.replay import event_of
from iotgen.operate.dlq.retry import sender
from tests.operate.dlq.memory_queue import message
from tests.operate.dlq.test_replay import of_a_function
from tests.operate.dlq.test_retry import Lambda, clients

TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts-dev"
NOTIFICATION = {
    "Type": "Notification",
    "MessageId": "m-1",
    "TopicArn": TOPIC,
    "Message": '{"value": 9}',
    "Timestamp": "2026-11-01T00:00:00.000Z",
    "SignatureVersion": "1",
    "Signature": "s",
    "SigningCertURL": "https://sns.us-east-1.amazonaws.com/c.pem",
    "UnsubscribeURL": f"https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={TOPIC}:7",
    "MessageAttributes": {"kind": {"Type": "String", "Value": "alarm"}},
}
EVENT = {"source": "shop", "detail": {"id": 1}}
RULE = {
    "RULE_ARN": "arn:aws:events:us-east-1:123456789012:rule/orders-dev/ship-event-1-dev",
    "TARGET_ARN": "arn:aws:lambda:us-east-1:123456789012:function:ship-dev",
    "ERROR_CODE": "NO_PERMISSIONS",
    "ERROR_MESSAGE": "Not authorized (Service: AWSLambda; Status Code: 403; Request ID: 4-2)",
    "RETRY_ATTEMPTS": "0",
}
SCHEDULE = {
    "SCHEDULE_ARN": "arn:aws:scheduler:us-east-1:123456789012:schedule/default/clean-schedule-1-dev",
    "ERROR_CODE": "ResourceNotFoundException",
    "IS_PAYLOAD_TRUNCATED": "false",
}
GIVEN_UP = {
    "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 3},
    "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
    "KinesisBatchInfo": {
        "shardId": "shardId-000000000001",
        "startSequenceNumber": "1",
        "streamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/readings-dev",
    },
}
BY = "could not deliver it"
LOST = "it has no records, but where they stand in the stream of `readings-dev`: read them there"


def letter(body: Any, **attributes: str) -> DeadLetter:
    texts = {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()}
    made = {**message(1, json.dumps(body)), "ReceiptHandle": "r", "MessageAttributes": texts}
    return letter_of(made)


def of_a_table() -> dict[str, Any]:
    batch = {"streamArn": "arn:aws:dynamodb:us-east-1:123456789012:table/orders-dev/stream/2026"}
    return {"requestContext": {"condition": "RecordAgeExceeded"}, "DDBStreamBatchInfo": batch}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (letter(EVENT, **RULE), f"the rule `ship-event-1-dev` {BY}: NO_PERMISSIONS: Not authorized"),
        (letter({}, **SCHEDULE), f"the schedule `clean-schedule-1-dev` {BY}: ResourceNotFoundException"),
        (letter(NOTIFICATION, ErrorMessage="gone"), f"the topic `alerts-dev` {BY}: gone"),
        (letter(NOTIFICATION), UNKNOWN),
        (letter(GIVEN_UP), "records of `readings-dev` were given up: RetryAttemptsExhausted, Unhandled"),
        (letter(of_a_table()), "records of `orders-dev` were given up: RecordAgeExceeded"),
        (letter({"TopicArn": TOPIC}), UNKNOWN),
        (letter({"KinesisBatchInfo": 1}), UNKNOWN),
    ],
)
def test_the_reason_is_what_the_source_noted(one: DeadLetter, reason: str) -> None:
    assert one.reason == reason


def redriven(one: DeadLetter) -> tuple[list[Any], dict[str, str]]:
    functions = Lambda()
    _, at = of_a_function()
    refused = sender(clients(**{"lambda": functions}), at.queue)([one])
    return [json.loads(call["Payload"]) for call in functions.events], dict(refused)


def test_an_event_of_a_rule_and_of_a_schedule_is_sent_as_it_is() -> None:
    assert redriven(letter(EVENT, **RULE)) == ([EVENT], {})
    assert redriven(letter({"job": "clean"}, **SCHEDULE)) == ([{"job": "clean"}], {})


def test_a_message_of_a_topic_is_sent_in_the_form_that_functions_get() -> None:
    ((event,), refused) = redriven(letter(NOTIFICATION))
    (record,) = event["Records"]
    sns = record.pop("Sns")
    assert record == {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{TOPIC}:7"}
    assert sns["Message"] == '{"value": 9}'
    assert sns["Subject"] is None
    assert sns["SigningCertUrl"] == NOTIFICATION["SigningCertURL"]
    assert "SigningCertURL" not in sns
    assert refused == {}


def test_a_replay_has_the_same_event() -> None:
    _, at = of_a_function()
    ((event,), _) = redriven(letter(NOTIFICATION))
    assert event_of(letter(NOTIFICATION), at) == event
    assert event_of(letter(EVENT, **RULE), at) == EVENT


def test_what_has_no_event_stays_and_says_why() -> None:
    _, at = of_a_function()
    cut = letter({"half": 1}, **{**SCHEDULE, "IS_PAYLOAD_TRUNCATED": "true"})
    because = "the event is incomplete: EventBridge cut it off, as it was too long"
    assert redriven(letter(GIVEN_UP)) == ([], {letter(GIVEN_UP).id: LOST})
    assert redriven(cut) == ([], {cut.id: because})
    with pytest.raises(IotgenError) as raised:
        event_of(letter(GIVEN_UP), at)
    assert raised.value.message == f"the message `{letter(GIVEN_UP).id}` cannot be replayed: {LOST}"
