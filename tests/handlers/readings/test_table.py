from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from readings import aws_errors, exact_json
from readings.backoff import Backoff
from readings.table import Table, to_attributes


def patience(attempts: int) -> Backoff:
    left = iter([100.0] * attempts)
    return Backoff(lambda _: None, lambda: 1.0, lambda: next(left, 0.0))


numbers = st.integers(-(10**38) + 1, 10**38 - 1) | st.decimals(-(10**20), 10**20, places=9)
scalars = st.booleans() | st.text() | numbers.map(lambda number: exact_json.loads(str(number)))
ALWAYS = Backoff(lambda _: None, lambda: 1.0, lambda: 100.0)


def items(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"device_id": f"d-{n}", "timestamp": f"{n:03d}", **more} for n in range(count)]


@given(st.recursive(scalars, lambda inner: st.dictionaries(st.text(min_size=1), inner, max_size=3)))
def test_writes_attributes_as_boto3_does(value: Any) -> None:
    assert to_attributes({"a": value}) == {"a": TypeSerializer().serialize(value)}


class Scripted:
    """A table that treats calls as told, and keeps what it takes."""

    def __init__(self, *script: Any) -> None:
        self.script, self.sizes, self.rows = list(script), list[int](), set[str]()

    def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
        [(name, requests)] = RequestItems.items()
        self.sizes.append(len(requests))
        step = self.script.pop(0) if self.script else 0
        if isinstance(step, Exception):
            raise step
        taken = requests[: len(requests) - step]
        self.rows |= {request["PutRequest"]["Item"]["device_id"]["S"] for request in taken}
        left = requests[len(requests) - step :]
        return {"UnprocessedItems": {name: left} if left else {}}


def table(client: Any) -> Table:
    return Table(client, "t", "timestamp")


@pytest.mark.parametrize("code", ["ValidationException", "SerializationException"])
def test_what_is_wrong_with_one_item_fails_only_that(error: Any, code: str) -> None:
    class Choosy(Scripted):
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            if "d-3'" in repr(RequestItems):
                raise error(code)
            return super().batch_write_item(RequestItems=RequestItems)

    client = Choosy()
    assert table(client).put_all(items(25), ALWAYS).keys() == {("d-3", "003")}
    assert len(client.rows) == 24


def test_writes_25_at_a_time() -> None:
    client = Scripted()
    assert table(client).put_all(items(60), ALWAYS) == {}
    assert client.sizes == [25, 25, 10]
    assert len(client.rows) == 60


def test_writes_each_key_once() -> None:
    client = Scripted()
    table(client).put_all([*items(3), *items(3)], ALWAYS)
    assert client.sizes == [3]


def test_writes_unprocessed_items_again() -> None:
    client = Scripted(20, 1)
    assert table(client).put_all(items(30), ALWAYS) == {}
    assert len(client.rows) == 30
    assert client.sizes == [25, 5, 21]


@pytest.mark.parametrize("fault", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_tries_again_what_passes_by_itself(error: Any, fault: str) -> None:
    timeout = ReadTimeoutError(endpoint_url="https://aws.example")
    client = Scripted(error(fault), timeout, error("InternalServerError", status=500))
    assert table(client).put_all(items(3), ALWAYS) == {}
    assert len(client.rows) == 3


def test_names_what_is_not_written_when_the_time_is_up() -> None:
    client = Scripted(*[2] * 50)
    failed = table(client).put_all(items(3), patience(6))
    assert set(failed) == {("d-1", "001"), ("d-2", "002")}
    assert all(aws_errors.is_transient(error) for error in failed.values())


def test_begins_nothing_when_there_is_no_time() -> None:
    client = Scripted()
    assert len(table(client).put_all(items(3), patience(0))) == 3
    assert client.sizes == []


def test_finds_the_item_that_turns_away_its_batch(error: Any) -> None:
    class Choosy(Scripted):
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            if "d-7'" in str(RequestItems):
                raise error("ValidationException")
            return super().batch_write_item(RequestItems)

    client = Choosy()
    failed = table(client).put_all(items(25), ALWAYS)
    assert set(failed) == {("d-7", "007")}
    assert len(client.rows) == 24


def test_does_not_repeat_what_is_our_fault(error: Any) -> None:
    client = Scripted(error("AccessDeniedException"))
    assert len(table(client).put_all(items(3), ALWAYS)) == 3
    assert client.sizes == [3]


def test_an_item_of_everything_comes_back_as_it_was(world: Any) -> None:
    values = {"n": 1, "t": "x", "b": True, "m": {"a": [1, "b"]}}
    stored = world.services.table("RAW_SENSOR_DATA", "timestamp")
    stored.put_all([{"device_id": "d", "timestamp": "1", **values}], ALWAYS)
    assert stored.newest("d", "0", "9", 5, None) == ([{"device_id": "d", "timestamp": "1", **values}], None)


def test_put_if_gives_what_is_there(world: Any) -> None:
    stored = world.services.table("RAW_SENSOR_DATA", "timestamp")
    key = {"device_id": "d", "timestamp": "1"}
    assert stored.put_if({**key, "n": 1}, "attribute_not_exists(device_id)", {}, {}) is None
    assert stored.put_if({**key, "n": 2}, "attribute_not_exists(device_id)", {}, {}) == {**key, "n": 1}
