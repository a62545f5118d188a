"""The simulated DynamoDB takes items of up to 400 KB that have their key, however they are written."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from iotgen.prove.aws.dynamodb import DynamoDb, Table

KEY = {"p": {"S": "a"}}
# The names of attributes count, too.
LARGEST = {**KEY, "v": {"S": "x" * (400 * 1024 - 3)}}
LARGER = {**KEY, "v": {"S": "x" * (400 * 1024 - 2)}}


def _writes(rest: dict[str, Any], key: dict[str, Any] = KEY) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each way to write an item: the operation, and its arguments."""
    item = {**key, "v": rest["v"]}
    set_v = {"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": item["v"]}}
    put = {"Put": {"TableName": "t", "Item": item}}
    update = {"Update": {"TableName": "t", "Key": key, **set_v}}
    other = {"Put": {"TableName": "t", "Item": {"p": {"S": "b"}}}}
    return {
        "put": ("put_item", {"TableName": "t", "Item": item}),
        "update": ("update_item", {"TableName": "t", "Key": key, **set_v}),
        "batch": ("batch_write_item", {"RequestItems": {"t": [{"PutRequest": {"Item": item}}]}}),
        "put of a transaction": ("transact_write_items", {"TransactItems": [other, put]}),
        "update of a transaction": ("transact_write_items", {"TransactItems": [other, update]}),
    }


@pytest.mark.parametrize("way", _writes(LARGEST))
def test_an_item_may_have_so_many_bytes_and_no_more(way: str) -> None:
    service = DynamoDb({"t": Table("t", ("p",))}, lambda: 0, lambda: 0, lambda: False)
    operation, too_much = _writes(LARGER)[way]
    with pytest.raises(ClientError, match="maximum allowed size"):
        getattr(service, operation)(**too_much)
    assert not service.tables["t"].items
    getattr(service, operation)(**_writes(LARGEST)[way][1])
    assert service.get_item(TableName="t", Key=KEY)["Item"] == LARGEST


@pytest.mark.parametrize("way", _writes(LARGEST))
@pytest.mark.parametrize("value", [None, {}, {"S": ""}, {"B": b""}, {"BOOL": True}])
def test_an_item_has_its_key(way: str, value: dict[str, Any] | None) -> None:
    key = {} if value is None else {"p": value}
    service = DynamoDb({"t": Table("t", ("p",))}, lambda: 0, lambda: 0, lambda: False)
    operation, without = _writes({"v": {"S": "x"}}, key)[way]
    with pytest.raises(ClientError, match="the key attribute p is missing or empty"):
        getattr(service, operation)(**without)
    assert not service.tables["t"].items


def test_zero_is_a_key() -> None:
    service = DynamoDb({"t": Table("t", ("p",))}, lambda: 0, lambda: 0, lambda: False)
    service.put_item(TableName="t", Item={"p": {"N": "0"}})
    assert service.get_item(TableName="t", Key={"p": {"N": "0.0"}})["Item"] == {"p": {"N": "0"}}
