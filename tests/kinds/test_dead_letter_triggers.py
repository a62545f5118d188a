"""Triggers by dead letters: what follows from them, beside what the golden file shows."""

from __future__ import annotations

import pytest

from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.model.drawing import Edge
from iotgen.model.live import Live
from iotgen.model.trigger import Occasion
from iotgen.prove.shaping import unknown_triggers
from iotgen.triggers.dead_letters import DEAD_LETTER_TRIGGER, DeadLetterTrigger
from tests.conftest import compile_spec

SPEC = """\
version: 1
pipeline: p
queues: {jobs: {}}
functions:
  work: {source: h, triggers: [{queue: jobs}]}
  report: {source: h, triggers: [{dead_letters: jobs, batch_size: 1}]}
"""


class Aws:
    """The account."""

    def __call__(self, _service: str) -> Aws:
        return self

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": "arn:aws:iam::123456789012:user/me"}


def test_a_picture_shows_that_they_come_from_the_queue() -> None:
    pipeline = compile_spec(SPEC).model
    edges = [one for one in FUNCTIONS.drawing(FUNCTIONS.of(pipeline), pipeline) if isinstance(one, Edge)]
    assert [(one.tail[1], one.head[1], one.text) for one in edges] == [
        ("jobs", "work", "batches of 10"),
        ("jobs", "report", "dead letters, one by one"),
    ]


def test_a_sample_is_a_message_of_the_dead_letter_queue() -> None:
    (trigger,) = compile_spec(SPEC).model.get(Function, "report").by(DeadLetterTrigger)
    occasion = Occasion(live=Live("us-east-1", Aws()), content="{}", now=0, id="an-id")
    (record,) = DEAD_LETTER_TRIGGER.sample(trigger, None, occasion)["Records"]
    assert record["eventSourceARN"] == "arn:aws:sqs:us-east-1:123456789012:jobs-dlq-dev"
    assert trigger.subject == "dead letters of `jobs`"


def test_that_they_are_not_simulated_is_said() -> None:
    assert list(unknown_triggers(compile_spec(SPEC).model)) == [
        "the trigger of report by the dead letters of jobs is not simulated"
    ]


@pytest.mark.parametrize(("written", "most"), [("", 2), ("max_concurrency: 4", 4)])
def test_of_a_reservation_they_take_little(written: str, most: int) -> None:
    functions = (
        f"report: {{source: h, reserved_concurrency: 10, triggers: [{{dead_letters: jobs, {written}}}]}}"
    )
    text = SPEC[: SPEC.index("  report:")] + f"  {functions}\n"
    (trigger,) = compile_spec(text).model.get(Function, "report").by(DeadLetterTrigger)
    assert trigger.max_concurrency == most


def test_a_misspelt_queue_is_told_with_the_one_that_is_meant() -> None:
    said = compile_spec(SPEC.replace("dead_letters: jobs", "dead_letters: jbos")).said
    assert said.startswith("spec.yaml:6:49: IOT201 there is no queue `jbos`; did you mean `jobs`?")
