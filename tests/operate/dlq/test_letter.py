"""Why a letter is dead, and which letters a filter takes."""

from typing import Any

import pytest

from iotgen.operate.dlq.letter import TOO_OFTEN, UNKNOWN, DeadLetter, Filter, letter_of
from tests.operate.dlq.memory_queue import message


def letter(attributes: dict[str, str], **system: str) -> DeadLetter:
    texts = {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()}
    made: dict[str, Any] = {**message(1), "ReceiptHandle": "r", "MessageAttributes": texts}
    made["Attributes"] = {**made["Attributes"], **system}
    return letter_of(made)


@pytest.mark.parametrize(
    ("attributes", "system", "reason"),
    [
        ({"reason": "device_id is missing"}, {}, "device_id is missing"),
        ({"ErrorMessage": "division by zero", "ErrorCode": "200"}, {}, "division by zero"),
        ({}, {"DeadLetterQueueSourceArn": "arn"}, TOO_OFTEN),
        ({"reason": "from before"}, {"DeadLetterQueueSourceArn": "arn"}, TOO_OFTEN),
        ({"other": "x"}, {}, UNKNOWN),
    ],
)
def test_the_reason_is_what_the_handler_or_lambda_noted(
    attributes: dict[str, str], system: dict[str, str], reason: str
) -> None:
    assert letter(attributes, **system).reason == reason


def test_a_filter_takes_what_has_all_that_it_asks_for() -> None:
    one = letter({"reason": "Device_id is missing"})
    assert Filter().takes_all
    for taking in (
        Filter(),
        Filter(reason="device_ID"),
        Filter(shape=one.shape.id[:3]),
        Filter(ids=("x", "00000001")),
    ):
        assert taking.takes(one)
    for refusing in (Filter(reason="temperature"), Filter(shape="zzz"), Filter(ids=("00000002",))):
        assert not refusing.takes(one)
        assert not refusing.takes_all
    assert not Filter(reason="device_id", shape="zzz").takes(one)
