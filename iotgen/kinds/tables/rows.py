"""The rows of a device, by a query on the partition key; never by a scan."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from iotgen.kinds.tables.table import Table
from iotgen.model.contents import Clients
from iotgen.model.traces import Page, Row, Traces

# A page has up to 1 MB of items, some 3,000 readings:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
_PAGES = 10
_TIME = "_at"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# An item as DynamoDB has it: a type and a value for each attribute.
Item = Mapping[str, Mapping[str, Any]]


def _rows(clients: Clients, table: Table, device: str) -> Iterator[Page]:
    """The rows whose partition key is the device, the highest sort key first."""
    if table.partition_key.type != "S":
        yield Page((), last=True)
        return
    more: dict[str, Any] = {}
    for _ in range(_PAGES):
        answer = clients("dynamodb").query(
            TableName=table.name,
            KeyConditionExpression="#device = :device",
            ExpressionAttributeNames={"#device": table.partition_key.name},
            ExpressionAttributeValues={":device": {"S": device}},
            ConsistentRead=True,
            ScanIndexForward=False,
            **more,
        )
        after = answer.get("LastEvaluatedKey")
        yield Page(tuple(_row(item, table) for item in answer["Items"]), last=not after)
        if not after:
            return
        more = {"ExclusiveStartKey": after}


def _row(item: Item, table: Table) -> Row:
    names = [key.name for key in (table.partition_key, table.sort_key) if key]
    key = {name: str(next(iter(item[name].values()))) for name in names}
    times = [_time(value) for name, value in item.items() if name.endswith(_TIME) and name != table.ttl]
    return Row(key, frozenset(_texts(item)), max((time for time in times if time), default=None))


def _texts(item: Item) -> Iterator[str]:
    waiting: list[Any] = [*item.values()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _time(value: Mapping[str, Any]) -> int | None:
    """Milliseconds, written as a number or in ISO 8601; None for anything else."""
    try:
        if "N" in value:
            return int(value["N"])
        return round((datetime.fromisoformat(value["S"]) - _EPOCH).total_seconds() * 1000)
    except (KeyError, TypeError, ValueError):
        return None


TABLE_TRACES: Traces[Table] = Traces(rows=_rows)
