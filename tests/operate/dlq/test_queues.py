"""A dead-letter queue is known by its key, its owner's, and its name on AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.errors import UsageError
from iotgen.operate.dlq.queues import dead_letter_queues, find_queue, readers

if TYPE_CHECKING:
    from iotgen.operate.dlq.queues import DeadLetterQueue
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
queues: {q: {}, both: {}}
functions:
  f: {source: f, triggers: [{queue: q}]}
  both: {source: both, triggers: [{queue: both}]}
"""


@pytest.fixture
def queues(compile_spec: Compile) -> tuple[DeadLetterQueue, ...]:
    compiled = compile_spec(SPEC)
    return dead_letter_queues(compiled.model, compiled.document)


def test_each_queue_and_each_function_has_one(queues: tuple[DeadLetterQueue, ...]) -> None:
    assert [(queue.key, queue.name, queue.noun, queue.place) for queue in queues] == [
        ("q", "q-dlq-dev", "queue", "spec.yaml:3"),
        ("both", "both-dlq-dev", "queue", "spec.yaml:3"),
        ("f-async", "f-async-dlq-dev", "function", "spec.yaml:5"),
        ("both-async", "both-async-dlq-dev", "function", "spec.yaml:6"),
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("q", "q"),
        ("q-dlq", "q"),
        ("q-dlq-dev", "q"),
        ("f", "f-async"),
        ("f-async", "f-async"),
        ("f-async-dlq", "f-async"),
        ("both", "both"),
        ("both-async", "both-async"),
    ],
)
def test_it_is_found_by_any_of_its_names(queues: tuple[DeadLetterQueue, ...], name: str, key: str) -> None:
    assert find_queue(queues, name).key == key


@pytest.mark.parametrize(("name", "meant"), [("f-asink", "; did you mean `f-async`?"), ("zebra", "")])
def test_another_name_is_refused_with_those_that_there_are(
    queues: tuple[DeadLetterQueue, ...], name: str, meant: str
) -> None:
    with pytest.raises(UsageError) as raised:
        find_queue(queues, name)
    assert raised.value.message == f"there is no dead-letter queue `{name}`{meant}"
    assert raised.value.hint == "Choose one of `q`, `both`, `f-async`, `both-async`."


def test_what_is_dead_is_read_by_the_function_that_its_owner_triggers(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC)
    found = {
        queue.key: [function.key for function in readers(compiled.model, queue)]
        for queue in dead_letter_queues(compiled.model, compiled.document)
    }
    assert found == {"q": ["f"], "both": ["both"], "f-async": ["f"], "both-async": ["both"]}
