from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from iotgen.simulate.bucket import Bucket, Form, numbers, stored
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Answer
from iotgen.simulate.packets import Packet


def _bucket(form: Form, put: dict[str, bytes] | None = None) -> Bucket:
    into = {} if put is None else put

    def write(key: str, body: bytes) -> object:
        into[key] = body
        return stored("200")

    return Bucket("readings/", "0123456789", form, write)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [Form.JSON, Form.JSONL])
def test_the_readings_of_an_object_come_back_from_it(fleet_of: Callable[..., Fleet], form: Form) -> None:
    fleet = fleet_of(10)
    body = _bucket(form).body(fleet, Packet(2, 7, 0, repeated=False))
    found = json.loads(body) if form is Form.JSON else [json.loads(line) for line in body.splitlines()]
    assert found == [json.loads(fleet.text(number)) for number in range(2, 7)]


def test_one_reading_is_the_object(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(10, batch=1)
    assert _bucket(Form.JSON).body(fleet, Packet(3, 4, 0, repeated=False)) == fleet.text(3)


def test_mixed_takes_turns() -> None:
    bucket = _bucket(Form.MIXED)
    keys = [bucket.key(Packet(first, first + 1, 0, repeated=False)) for first in (0, 1)]
    assert [key.rpartition(".")[2] for key in keys] == ["json", "jsonl"]


def test_a_key_says_what_is_in_the_object() -> None:
    put: dict[str, bytes] = {}
    bucket = _bucket(Form.JSONL, put)
    reply = bucket.deliver(Packet(20, 30, 0, repeated=False), b"body")
    (key,) = put
    assert key == "readings/0123456789/00000020-00000029.jsonl"
    assert numbers(key, "0123456789") == range(20, 30)
    assert reply.accepted == Answer.PUT


@pytest.mark.parametrize(
    "key", ["readings/another/00000020-00000029.jsonl", "readings/0123456789/a.json", ""]
)
def test_other_keys_are_not_of_the_run(key: str) -> None:
    assert not numbers(key, "0123456789")
