"""The simulated DynamoDB beside moto's: the same calls have the same answers."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from iotgen.prove.aws.dynamodb import DynamoDb, Table
from tests.emptied import empty_aws

pytestmark = pytest.mark.system

KEYS = st.fixed_dictionaries({"p": st.sampled_from(["a", "b"]), "s": st.sampled_from(["1", "2", "10"])})
# No booleans: moto compares them with numbers.
VALUES = st.one_of(
    st.integers(-3, 3).map(lambda number: {"N": str(number)}),
    st.sampled_from(["x", "y", "xy"]).map(lambda text: {"S": text}),
)
CONDITIONS = st.sampled_from(
    [
        "attribute_not_exists(p)",
        "attribute_exists(v)",
        "v = :v",
        "#v <> :v",
        "attribute_not_exists(p) OR (v < :v AND attribute_exists(w))",
        "NOT v > :v",
        "v BETWEEN :v AND :v",
        "v IN (:v)",
        "begins_with(v, :v)",
    ]
)
UPDATES = st.sampled_from(["SET v = :v", "SET w = :v REMOVE v", "SET #v = if_not_exists(#v, :v)"])


def _key(key: dict[str, str]) -> dict[str, Any]:
    return {name: {"S": text} for name, text in key.items()}


def _used(expression: str, value: Any) -> dict[str, Any]:
    names = {"ExpressionAttributeNames": {"#v": "v"}} if "#v" in expression else {}
    values = {"ExpressionAttributeValues": {":v": value}} if ":v" in expression else {}
    return {**names, **values}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    kind = draw(st.sampled_from(["put_item", "get_item", "delete_item", "update_item", "query"]))
    key, value, condition = _key(draw(KEYS)), draw(VALUES), draw(CONDITIONS)
    if kind == "get_item":
        return kind, {"Key": key, "ConsistentRead": True}
    if kind == "query":
        return kind, {
            "KeyConditionExpression": "p = :p AND s > :s",
            "ExpressionAttributeValues": {":p": key["p"], ":s": key["s"]},
            "ScanIndexForward": draw(st.booleans()),
            "ConsistentRead": True,
        }
    if kind == "update_item":
        update = draw(UPDATES)
        given = {"UpdateExpression": update, **_used(update, value)}
        return kind, {"Key": key, "ReturnValues": "ALL_NEW", **given}
    given = {"ConditionExpression": condition, **_used(condition, value)} if draw(st.booleans()) else {}
    if kind == "put_item":
        return kind, {"Item": {**key, "v": value}, "ReturnValues": "ALL_OLD", **given}
    return kind, {"Key": key, "ReturnValues": "ALL_OLD", **given}


def _answer(service: Any, kind: str, given: dict[str, Any]) -> Any:
    try:
        answer = getattr(service, kind)(TableName="t", **given)
    except ClientError as error:
        return error.response["Error"]["Code"]
    except TypeError:  # moto cannot compare values of different types
        reject()
    return {name: answer.get(name) for name in ("Item", "Items", "Attributes") if answer.get(name)}


@settings(max_examples=60, deadline=None)
@given(st.lists(calls(), max_size=12))
def test_the_same_calls_have_the_same_answers(made: list[tuple[str, dict[str, Any]]]) -> None:
    ours = DynamoDb({"t": Table("t", ("p", "s"))}, lambda: 0, lambda: 0, lambda: False)
    with empty_aws():
        theirs = boto3.client(
            "dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        theirs.create_table(
            TableName="t",
            KeySchema=[
                {"AttributeName": "p", "KeyType": "HASH"},
                {"AttributeName": "s", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "p", "AttributeType": "S"},
                {"AttributeName": "s", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        for kind, given_arguments in made:
            try:
                expected = _answer(theirs, kind, given_arguments)
            except TypeError:
                reject()  # moto fails where it has to say which of a text and a number is less
            assert _answer(ours, kind, given_arguments) == expected


def _heated(keys: set[str]) -> DynamoDb:
    made = DynamoDb({"t": Table("t", ("p", "s"))}, lambda: 0, lambda: 0, lambda: False)
    made.is_hot = lambda _table, key, writes: writes and key[1] in keys
    return made


def _batch(*keys: tuple[str, str]) -> dict[str, Any]:
    return {"t": [{"PutRequest": {"Item": _key({"p": p, "s": s})}} for p, s in keys]}


def test_a_hot_partition_leaves_its_items_of_a_batch_unprocessed() -> None:
    answer = _heated({"a"}).batch_write_item(RequestItems=_batch(("a", "1"), ("b", "1"), ("a", "2")))
    left = [one["PutRequest"]["Item"]["s"]["S"] for one in answer["UnprocessedItems"]["t"]]
    assert left == ["1", "2"]


def test_what_is_of_a_hot_partition_alone_is_refused() -> None:
    service = _heated({"a"})
    key = _key({"p": "a", "s": "1"})
    with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
        service.batch_write_item(RequestItems=_batch(("a", "1"), ("a", "2")))
    with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
        service.put_item(TableName="t", Item=key)
    with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
        service.delete_item(TableName="t", Key=key)
    assert not service.tables["t"].items
    assert service.get_item(TableName="t", Key=key) == {}


def test_a_row_stays_as_it_was_written() -> None:
    service = DynamoDb({"t": Table("t", ("p", "s"))}, lambda: 0, lambda: 0, lambda: False)
    item = {**_key({"p": "a", "s": "1"}), "v": {"M": {"n": {"N": "1"}}}}
    service.put_item(TableName="t", Item=item)
    item["v"]["M"]["n"] = {"N": "2"}
    there = service.get_item(TableName="t", Key=_key({"p": "a", "s": "1"}), ConsistentRead=True)["Item"]
    assert there["v"] == {"M": {"n": {"N": "1"}}}
