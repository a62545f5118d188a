"""How many items a table holds."""

from datetime import datetime
from typing import Any

from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted

# What is read: beyond either, "more than" is enough.
_ITEMS = 1000
_PAGES = 10


def table_contents(clients: Clients, table: Attributes, _now: datetime) -> Amount:
    """The items, counted up to a thousand; of more, also DynamoDB's own number, which may be six hours old.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
    """
    client = clients("dynamodb")
    count, more = _count(client, table["name"])
    if not more:
        return Amount(counted(count, "item"), empty=count == 0)
    recorded = _recorded(client, table["name"])
    about = f" (about {recorded:,} at DynamoDB's last count)" if recorded > count else ""
    return Amount(f"more than {counted(count, 'item')}{about}", empty=False)


def _count(client: Any, table: str) -> tuple[int, bool]:
    """The items on the first pages, and whether there are more."""
    request: dict[str, Any] = {"TableName": table, "Select": "COUNT", "ConsistentRead": True, "Limit": _ITEMS}
    count = 0
    for _ in range(_PAGES):
        page = client.scan(**request)
        count += page["Count"]
        if "LastEvaluatedKey" not in page:
            return count, False
        if count >= _ITEMS:
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
    return count, True


def _recorded(client: Any, table: str) -> int:
    """The number of items that DynamoDB has recorded; 0 if it may not be read."""
    try:
        return int(client.describe_table(TableName=table)["Table"].get("ItemCount", 0))
    except client.exceptions.ClientError:
        return 0
