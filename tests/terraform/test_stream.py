"""Terraform's output with -json: steps are data, messages are text, and nothing stops it."""

import json
from typing import Any

import pytest

from iotgen.terraform.stream import Stage, Step, Stream


def lines(*events: Any) -> tuple[list[str], list[Step], str]:
    shown: list[str] = []
    steps: list[Step] = []
    stream = Stream(shown.append, steps.append)
    for event in events:
        stream(event if isinstance(event, str) else json.dumps(event))
    return shown, steps, stream.text


HOOK = {"resource": {"addr": "aws_sqs_queue.q", "resource_type": "aws_sqs_queue"}, "action": "create"}


def test_what_happens_to_a_resource_is_a_step() -> None:
    shown, steps, _ = lines(
        {"type": "version", "terraform": "1.11.4"},
        {"type": "apply_start", "hook": HOOK},
        {"type": "apply_progress", "hook": HOOK | {"elapsed_seconds": 10}},
        {"type": "apply_complete", "hook": HOOK | {"elapsed_seconds": 12}},
        {"type": "outputs", "outputs": {"secret": {"value": "s"}}},
    )
    assert shown == []
    assert [(step.stage, step.seconds) for step in steps] == [
        (Stage.START, 0), (Stage.PROGRESS, 10), (Stage.COMPLETE, 12)
    ]  # fmt: skip
    assert steps[0] == Step(Stage.START, "aws_sqs_queue.q", "aws_sqs_queue", "create")


def test_a_message_is_whole_as_terraform_words_it() -> None:
    diagnostic = {
        "severity": "error",
        "summary": "creating SQS Queue (q)",
        "detail": "one\ntwo",
        "address": "aws_sqs_queue.q",
        "range": {"filename": "queues.tf.json", "start": {"line": 3}},
    }
    shown, _, text = lines({"type": "diagnostic", "diagnostic": diagnostic})
    assert text == (
        "Error: creating SQS Queue (q)\n\n  with aws_sqs_queue.q,\n  on queues.tf.json line 3\n\none\ntwo\n"
    )
    assert "\n".join(shown) == text


@pytest.mark.parametrize("line", ["panic: oh no", "[1]", "null", "{", '"text"'])
def test_what_is_no_event_is_shown(line: str) -> None:
    assert lines(line)[0] == [line]


@pytest.mark.parametrize("event", [{}, {"type": 1}, {"type": "apply_start"}, {"type": "diagnostic"}])
def test_an_event_of_another_form_stops_nothing(event: Any) -> None:
    lines(event)


def test_only_the_last_messages_are_kept() -> None:
    assert len(lines(*(f"line {number}" for number in range(2000)))[2].splitlines()) == 500
