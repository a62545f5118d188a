"""Writing items to a table: in batches, until each is written or the time is up; and one, on a condition."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from readings import aws_errors
from readings.backoff import Backoff

Item = Mapping[str, Any]
Key = tuple[str, str]  # partition key, sort key

_BATCH = 25
# DynamoDB answers so for what is wrong with an item: its numbers and sizes, and texts that are no Unicode.
_ONE_ITEMS_FAULT = ("ValidationException", "SerializationException")
_serialize: Callable[[Any], Any] = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def to_attributes(item: Item) -> dict[str, Any]:
    """Give an item in DynamoDB's own JSON.

    The types that readings are made of are written here: boto3's serializer tests each in turn, which took
    a third of the CPU time of a reading. Their numbers are exact already, see exact_json.
    """
    writer = _WRITERS.get
    return {
        # Texts are most of what there is.
        name: {"S": value} if type(value) is str else writer(type(value), _serialize)(value)
        for name, value in item.items()
    }


_WRITERS: dict[type, Callable[[Any], Any]] = {
    int: lambda number: {"N": str(number)},
    Decimal: lambda number: {"N": str(number)},
    bool: lambda truth: {"BOOL": truth},
    dict: lambda mapping: {"M": to_attributes(mapping)},
}


def from_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Give an item as Python values; numbers become Decimal."""
    return {name: _deserialize(value) for name, value in attributes.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the partition key `device_id` and the sort key named here."""

    client: Any
    name: str
    sort_key: str

    def key(self, item: Item) -> Key:
        """Give an item's key."""
        return item["device_id"], item[self.sort_key]

    def put_all(self, items: Sequence[Item], backoff: Backoff) -> dict[Key, Exception]:
        """Write items, each key once; give the keys that are not written, with the reason."""
        waiting = {self.key(item): to_attributes(item) for item in items}
        failed: dict[Key, Exception] = {}
        for _ in backoff.attempts():
            again: dict[Key, Any] = {}
            for batch in _batches(waiting):
                if backoff.time_left() <= 0:
                    again |= batch
                else:
                    self._put_batch(batch, again, failed)
            waiting = again
            if not waiting:
                break
        return failed | {
            key: aws_errors.BusyError(f"{self.name} did not take the item in time") for key in waiting
        }

    def put_if(self, item: Item, condition: str, names: Item, values: Item) -> dict[str, Any] | None:
        """Write an item on a condition; where it does not hold, give the item that is there, else None."""
        try:
            self.client.put_item(
                TableName=self.name,
                Item=to_attributes(item),
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **({"ExpressionAttributeNames": names} if names else {}),
                **({"ExpressionAttributeValues": to_attributes(values)} if values else {}),
            )
        except ClientError as error:
            if aws_errors.code(error) != "ConditionalCheckFailedException":
                raise
            return from_attributes(error.response["Item"])  # type: ignore[typeddict-item]
        return None

    def newest(
        self, device_id: str, low: str, high: str, limit: int, after: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Read a device's items from `high` down to `low`, or from `after` down.

        Give them, and the sort key at which DynamoDB stopped before it had looked at all of them: at the
        limit, or at 1 MB.
        """
        start = {"device_id": device_id, self.sort_key: after}
        answer = self.client.query(
            TableName=self.name,
            KeyConditionExpression="device_id = :device AND #key BETWEEN :low AND :high",
            ExpressionAttributeNames={"#key": self.sort_key},
            ExpressionAttributeValues=to_attributes({":device": device_id, ":low": low, ":high": high}),
            ScanIndexForward=False,
            Limit=limit,
            **({"ExclusiveStartKey": to_attributes(start)} if after else {}),
        )
        stopped_at = answer.get("LastEvaluatedKey")
        items = [from_attributes(item) for item in answer["Items"]]
        return items, from_attributes(stopped_at)[self.sort_key] if stopped_at else None

    def _put_batch(self, batch: dict[Key, Any], again: dict[Key, Any], failed: dict[Key, Exception]) -> None:
        requests = [{"PutRequest": {"Item": item}} for item in batch.values()]
        try:
            answer = self.client.batch_write_item(RequestItems={self.name: requests})
        except (BotoCoreError, ClientError) as error:
            if aws_errors.is_transient(error):
                again |= batch
            elif aws_errors.code(error) in _ONE_ITEMS_FAULT and len(batch) > 1:
                # One item that DynamoDB does not take turns away the whole call: find it.
                for half in _batches(batch, (len(batch) + 1) // 2):
                    self._put_batch(half, again, failed)
            else:
                failed |= dict.fromkeys(batch, error)
            return
        for request in answer.get("UnprocessedItems", {}).get(self.name, []):
            item = request["PutRequest"]["Item"]
            again[item["device_id"]["S"], item[self.sort_key]["S"]] = item


def _batches(items: dict[Key, Any], size: int = _BATCH) -> Iterator[dict[Key, Any]]:
    pairs = list(items.items())
    for start in range(0, len(pairs), size):
        yield dict(pairs[start : start + size])
