"""What is read back, from clients that answer as AWS does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from iotgen.simulate.fleet import Fleet
from iotgen.simulate.places import Places, Table, To
from iotgen.simulate.stores import Stores, dead_readings, rejected_readings, row

RAW = Table("first", "first-dev", "device", "at", late=False)
PROCESSED = Table("second", "second-dev", "thing", "day", late=True)


def _values(fleet: Fleet, number: int) -> dict[str, Any]:
    return {name: {"N": str(value)} for name, value in fleet.reading(number).sensors.items()}


def _raw(fleet: Fleet, number: int) -> dict[str, Any]:
    reading = fleet.reading(number)
    return {
        "device": {"S": reading.device},
        "at": {"S": f"{reading.timestamp:015d}#e-{number}#digest"},
        "sensor_data": {"M": _values(fleet, number)},
        "received_at": {"N": "1"},
    }


@dataclass
class Aws:
    """Some rows, messages and objects, a page at a time."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    taken: int = 0

    def __call__(self, _service: str) -> Any:
        return self

    def query(self, TableName: str, **more: Any) -> dict[str, Any]:  # noqa: N803
        key = more["ExpressionAttributeNames"]["#device"]
        device = more["ExpressionAttributeValues"][":device"]
        of_device = [item for item in self.rows.get(TableName, []) if item[key] == device]
        first = more.get("ExclusiveStartKey", 0)
        rest = {"LastEvaluatedKey": first + 2} if first + 2 < len(of_device) else {}
        return {"Items": of_device[first : first + 2], **rest}

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": self.counts}

    def receive_message(self, **_: Any) -> dict[str, Any]:
        page = self.letters[self.taken : self.taken + 2]
        self.taken += 2
        return {"Messages": [{"MessageId": text, "Body": text} for text in page]} if page else {}

    def get_paginator(self, _name: str) -> Any:
        return self

    def paginate(self, Bucket: str, Prefix: str) -> list[dict[str, Any]]:  # noqa: N803
        return [{"Contents": [{"Key": key}]} for key in self.objects if key.startswith(Prefix)] + [{}]

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        return {"Body": io.BytesIO(self.objects[Key])}


def test_all_pages_of_all_devices_are_read(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(30, devices=3)
    aws = Aws({"first-dev": [_raw(fleet, number) for number in range(29)]})
    found = Stores(aws, Places(to=To.API, tables=(RAW, PROCESSED)), fleet).found()
    assert found.tables["first"].counts == bytes([1] * 29 + [0])
    assert found.tables["first"].altered == {}
    assert found.tables["second"].counts == bytes(30)
    assert found.late == {"second"}


def test_a_processed_row_has_its_values_beside_its_key(fleet_of: Callable[..., Fleet]) -> None:
    item = {
        "thing": {"S": "d"},
        "day": {"S": "2023-11-14T22:13:20.125Z#e-1#digest"},
        "clock_skew": {"BOOL": True},
        **_values(fleet_of(5), 3),
    }
    found = row(item, PROCESSED)
    assert found.timestamp == 1_700_000_000_125
    assert found.sensors["sequence"] == Decimal(3)
    assert found.flagged


def test_a_key_that_is_none_of_ours_has_no_time() -> None:
    assert row({"thing": {"S": "d"}, "day": {"S": "2023"}}, PROCESSED).timestamp == 2023
    assert row({"thing": {"S": "d"}, "day": {"S": "x#y"}}, PROCESSED).timestamp is None


def test_messages_that_are_seen_delayed_or_in_work_are_waited_for(fleet_of: Callable[..., Fleet]) -> None:
    counts = {
        "ApproximateNumberOfMessages": "1",
        "ApproximateNumberOfMessagesNotVisible": "2",
        "ApproximateNumberOfMessagesDelayed": "4",
    }
    places = Places(to=To.API, queues=("q1", "q2"))
    assert Stores(Aws(counts=counts), places, fleet_of()).waiting() == 14
    assert Stores(Aws(), Places(to=To.BUCKET, bucket="b", queues=("q1",)), fleet_of()).waiting() is None


def _letter(fleet: Fleet, *numbers: int) -> str:
    return json.dumps({"readings": [json.loads(fleet.text(number)) for number in numbers]})


def test_dead_letters_are_remembered_while_they_hide(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(30)
    aws = Aws(letters=[_letter(fleet, 1, 2), _letter(fleet, 3), fleet.text(4).decode()])
    stores = Stores(aws, Places(to=To.API, dead_letter_queues=("dlq",)), fleet)
    assert stores.found().dead == {1, 2, 3, 4}
    assert stores.found().dead == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        "[]",
        "null",
        "5",
        "{}",
        '{"readings": 5}',
        '{"Records": [5, {"s3": null}]}',
        '{"requestPayload": 5}',
    ],
)
def test_dead_letters_of_others_are_let_be(fleet_of: Callable[..., Fleet], text: str) -> None:
    assert list(dead_readings(text, fleet_of())) == []


def test_dead_letters_of_other_runs_are_let_be(fleet_of: Callable[..., Fleet]) -> None:
    assert list(dead_readings(_letter(fleet_of(seed=2), 1), fleet_of())) == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_dead_event_stands_for_the_readings_of_its_object(
    fleet_of: Callable[..., Fleet], wrapped: bool
) -> None:
    fleet = fleet_of(30)
    key = f"readings/{fleet.run}/00000010-00000012.json"
    event = {"Records": [{"s3": {"object": {"key": key}}}]}
    letter = json.dumps({"requestPayload": event} if wrapped else event)
    assert list(dead_readings(letter, fleet)) == [10, 11, 12]


def test_what_was_put_aside_is_read_with_its_reason(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(30)
    at = f"aside/incoming/{fleet.run}"
    lines = [{"number": 2, "reason": "bad", "document": {}}, {"number": 5, "reason": "worse", "content": "{"}]
    objects = {
        f"{at}/00000010-00000019.jsonl/etag/000000002.jsonl": "\n".join(map(json.dumps, lines)).encode()
        + b"\n",
        f"{at}/00000020-00000020.json/etag/000000001.jsonl": b'{"number": 1}\n',
        "aside/incoming/another/00000000-00000009.json/etag/000000001.jsonl": b'{"number": 1}\n',
    }
    places = Places(to=To.BUCKET, bucket="bucket", prefix="incoming/", rejected="aside/")
    found = Stores(Aws(objects=objects), places, fleet).found()
    assert found.rejected == {11: "bad", 14: "worse", 20: ""}


def test_an_object_without_any_reading_is_put_aside_as_one(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(30)
    key = f"rejected/readings/{fleet.run}/00000004-00000006.jsonl/etag/000000001.jsonl"
    content = json.dumps({"number": 1, "reason": "not JSON", "content": "42\nnull\n5\n"}).encode()
    assert rejected_readings(key, content, fleet) == dict.fromkeys([4, 5, 6], "not JSON")
