"""Tables as DynamoDB keeps them: items in its own JSON, conditions, batches, and reads that may be late."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.prove.aws.errors import invalid, refusal
from iotgen.prove.aws.expressions import (
    ExpressionError,
    Item,
    Scope,
    comparable,
    condition,
    projection,
    size_of,
    update,
)
from iotgen.prove.forms import form, value_of

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
_MOST_WRITTEN = 25
_MOST_READ = 100
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
_LARGEST_ITEM = 400 * 1024
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
_PAGE_BYTES = 1024 * 1024

_MISSING = ("S", "")

Key = tuple[Any, ...]


class Stored:
    """An item as a table has it: in a form that nobody changes, read when somebody asks for it."""

    __slots__ = ("form",)

    def __init__(self, item: Item) -> None:
        self.form = form(item)

    @property
    def item(self) -> Item:
        """The item, a new one each time: whoever asks may do with it as he likes."""
        item: Item = value_of(self.form)
        return item


@dataclass
class Table:
    """A table: its key attributes, the items there, and when each became what it is.

    `past` has, for each key, the times and the items since then, newest last; None where it was deleted.
    `heard` are told under which key what was there and what is there now, None where it is nothing.
    """

    name: str
    key: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: dict[Key, Stored] = field(default_factory=dict)
    past: dict[Key, list[tuple[int, Stored | None]]] = field(default_factory=dict)
    heard: list[Callable[[Key, Stored | None, Stored | None], None]] = field(default_factory=list)

    def key_of(self, item: Mapping[str, Any]) -> Key:
        """An item's key as a value that can be compared."""
        return tuple(comparable(item[name]) for name in self.key)

    def put(self, key: Key, new: Stored | None, now: int) -> None:
        """Replace what is under a key, with nothing where `new` is None."""
        for hear in self.heard:
            hear(key, self.items.get(key), new)
        if new is None:
            self.items.pop(key, None)
        else:
            self.items[key] = new
        self.past.setdefault(key, []).append((now, new))

    def seen(self, key: Key, at: int | None) -> Stored | None:
        """What was under a key at a time, or what is there."""
        if at is None:
            return self.items.get(key)
        for since, there in reversed(self.past.get(key, ())):
            if since <= at:
                return there
        return None

    def items_seen(self, at: int | None) -> Iterator[Item]:
        """All items, as they were at a time, or as they are."""
        for key in self.items if at is None else self.past:
            if there := self.seen(key, at):
                yield there.item


@dataclass
class DynamoDb:
    """The tables of an account. Each method is an operation; `now` is the time, in microseconds.

    `lag` gives how old an eventually consistent read is, in microseconds; `unprocessed` whether a batch
    leaves an item out. `is_hot` is whether a partition is throttled, by the table, the key, and whether it is
    written; None where none is.
    """

    tables: dict[str, Table]
    now: Any
    lag: Any
    unprocessed: Any
    is_hot: Any = None

    def put_item(self, **given: Any) -> Any:
        """Write an item whole."""
        table = self._table("PutItem", given)
        key = self._key("PutItem", table, given["Item"])
        item = _taken("PutItem", given["Item"])
        old = self._conditioned("PutItem", table, key, given)
        table.put(key, item, self.now())
        return {"Attributes": old.item} if old and given.get("ReturnValues") == "ALL_OLD" else {}

    def delete_item(self, **given: Any) -> Any:
        """Delete an item, whether it is there or not."""
        table = self._table("DeleteItem", given)
        key = self._key("DeleteItem", table, given["Key"])
        old = self._conditioned("DeleteItem", table, key, given)
        table.put(key, None, self.now())
        return {"Attributes": old.item} if old and given.get("ReturnValues") == "ALL_OLD" else {}

    def update_item(self, **given: Any) -> Any:
        """Change some attributes of an item, which comes into being where it was not there."""
        table = self._table("UpdateItem", given)
        key = self._key("UpdateItem", table, given["Key"])
        old = self._conditioned("UpdateItem", table, key, given)
        new = _taken("UpdateItem", self._updated("UpdateItem", old, given))
        table.put(key, new, self.now())
        return _returned(item_of(old), new.item, given.get("ReturnValues", "NONE"))

    def get_item(self, **given: Any) -> Any:
        """Read one item, as it was a moment ago unless `ConsistentRead` is set."""
        table = self._table("GetItem", given)
        key = self._key("GetItem", table, given["Key"])
        self._check_heat("GetItem", table, key, writes=False)
        there = table.seen(key, self._read_at(given))
        return {"Item": _projected(there.item, given)} if there else {}

    def query(self, **given: Any) -> Any:
        """Read the items of a partition, in the order of the sort key."""
        return self._page("Query", given, given["KeyConditionExpression"])

    def scan(self, **given: Any) -> Any:
        """Read all items."""
        return self._page("Scan", given, None)

    def batch_write_item(self, **given: Any) -> Any:
        """Write and delete items, each for itself; some may be left out."""
        requests = [
            (self._named("BatchWriteItem", name), request)
            for name, each in given["RequestItems"].items()
            for request in each
        ]
        if not 0 < len(requests) <= _MOST_WRITTEN:
            raise invalid("BatchWriteItem", f"a batch has 1 to {_MOST_WRITTEN} requests")
        writes = [(table, *self._write(table, request), request) for table, request in requests]
        if len({(table.name, key) for table, key, _, _ in writes}) < len(writes):
            raise invalid("BatchWriteItem", "Provided list of item keys contains duplicates")
        left: dict[str, list[Any]] = {}
        for table, key, item, request in writes:
            if self.unprocessed() or self._is_hot(table, key, writes=True):
                left.setdefault(table.name, []).append(request)
            else:
                table.put(key, item, self.now())
        if self.is_hot and sum(map(len, left.values())) == len(writes):
            raise _throttled("BatchWriteItem")
        return {"UnprocessedItems": left}

    def batch_get_item(self, **given: Any) -> Any:
        """Read items by key; some may be left out."""
        answers: dict[str, list[Item]] = {}
        left: dict[str, Any] = {}
        for name, wanted in given["RequestItems"].items():
            table, at = self._named("BatchGetItem", name), self._read_at(wanted)
            if len(wanted["Keys"]) > _MOST_READ:
                raise invalid("BatchGetItem", f"a batch has at most {_MOST_READ} keys")
            for one in wanted["Keys"]:
                key = self._key("BatchGetItem", table, one)
                if self.unprocessed() or self._is_hot(table, key, writes=False):
                    left.setdefault(name, {**wanted, "Keys": []})["Keys"].append(one)
                elif there := table.seen(key, at):
                    answers.setdefault(name, []).append(_projected(there.item, wanted))
        wanted_keys = sum(len(wanted["Keys"]) for wanted in given["RequestItems"].values())
        if self.is_hot and sum(len(one["Keys"]) for one in left.values()) == wanted_keys:
            raise _throttled("BatchGetItem")
        return {"Responses": answers, "UnprocessedKeys": left}

    def transact_write_items(self, **given: Any) -> Any:
        """Make all of some changes, or none of them."""
        changes, reasons = [], []
        for request in given["TransactItems"]:
            ((kind, one),) = request.items()
            table = self._table("TransactWriteItems", one)
            key = self._key("TransactWriteItems", table, one.get("Item") or one["Key"])
            hot = self._is_hot(table, key, writes=True)
            holds = self._holds(table.items.get(key), one)
            reasons.append(
                {"Code": "ThrottlingError" if hot else "None" if holds else "ConditionalCheckFailed"}
            )
            changes.append((kind, table, key, one))
        if any(reason["Code"] != "None" for reason in reasons):
            raise refusal(
                "TransactWriteItems",
                "TransactionCanceledException",
                "Transaction cancelled, please refer cancellation reasons for specific reasons",
                CancellationReasons=reasons,
            )
        made = [
            (table, key, self._made(kind, table.items.get(key), one))
            for kind, table, key, one in changes
            if kind != "ConditionCheck"
        ]
        for table, key, item in made:
            table.put(key, item, self.now())
        return {}

    def _made(self, kind: str, old: Stored | None, given: Mapping[str, Any]) -> Stored | None:
        """What a change of a transaction makes of an item."""
        if kind == "Delete":
            return None
        if kind == "Put":
            return _taken("TransactWriteItems", given["Item"])
        return _taken("TransactWriteItems", self._updated("TransactWriteItems", old, given))

    def _write(self, table: Table, request: Mapping[str, Any]) -> tuple[Key, Stored | None]:
        if "PutRequest" in request:
            item = request["PutRequest"]["Item"]
            return self._key("BatchWriteItem", table, item), _taken("BatchWriteItem", item)
        return self._key("BatchWriteItem", table, request["DeleteRequest"]["Key"]), None

    def _conditioned(self, operation: str, table: Table, key: Key, given: Mapping[str, Any]) -> Stored | None:
        """What is under a key, if the condition holds for it."""
        self._check_heat(operation, table, key, writes=True)
        old = table.items.get(key)
        if "ConditionExpression" in given and not self._holds(old, given):
            wanted = given.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            more: dict[str, Any] = {"Item": old.item} if old and wanted else {}
            raise refusal(
                operation, "ConditionalCheckFailedException", "The conditional request failed", **more
            )
        return old

    def _holds(self, there: Stored | None, given: Mapping[str, Any]) -> bool:
        if "ConditionExpression" not in given:
            return True
        return self._judge("ConditionExpression", item_of(there) or {}, given)

    def _judge(self, expression: str, item: Item, given: Mapping[str, Any]) -> bool:
        scope = Scope(
            item, given.get("ExpressionAttributeNames") or {}, given.get("ExpressionAttributeValues") or {}
        )
        try:
            return condition(given[expression])(scope)
        except ExpressionError as error:
            raise invalid("Expression", f"Invalid {expression}: {error}") from None

    def _updated(self, operation: str, old: Stored | None, given: Mapping[str, Any]) -> Item:
        names = given.get("ExpressionAttributeNames") or {}
        values = given.get("ExpressionAttributeValues") or {}
        try:
            return update(given["UpdateExpression"])(item_of(old) or dict(given["Key"]), names, values)
        except ExpressionError as error:
            raise invalid(operation, f"Invalid UpdateExpression: {error}") from None

    def _page(self, operation: str, given: Mapping[str, Any], key_condition: str | None) -> Any:
        table = self._table(operation, given)
        keys = table.indexes.get(given["IndexName"], table.key) if given.get("IndexName") else table.key
        forward = given.get("ScanIndexForward", True)
        candidates = [
            item
            for item in table.items_seen(self._read_at(given))
            if all(name in item for name in keys)
            and (key_condition is None or self._judge("KeyConditionExpression", item, given))
        ]
        for item in candidates if self.is_hot else ():
            self._check_heat(operation, table, table.key_of(item), writes=False)
        order = (*keys, *table.key)
        candidates.sort(key=lambda item: tuple(comparable(item[name]) for name in order), reverse=not forward)
        return self._cut(candidates, order, forward, given)

    def _cut(self, items: list[Item], order: tuple[str, ...], forward: bool, given: Mapping[str, Any]) -> Any:
        """One page: after the start, up to the limit or the bytes, then filtered."""
        if start := given.get("ExclusiveStartKey"):
            after = tuple(comparable(start[name]) for name in order)
            items = [
                item
                for item in items
                if ((mark := tuple(comparable(item[name]) for name in order)) > after) is forward
                and mark != after
            ]
        page: list[Item] = []
        size, limit = 0, given.get("Limit", len(items))
        for item in items:
            if len(page) >= limit or size > _PAGE_BYTES:
                break
            page.append(item)
            size += size_of(item)
        kept = [item for item in page if self._passes(item, given)]
        answer: dict[str, Any] = {"Count": len(kept), "ScannedCount": len(page)}
        if given.get("Select") != "COUNT":
            answer["Items"] = [_projected(item, given) for item in kept]
        if page and (len(page) < len(items) or len(page) == given.get("Limit")):
            answer["LastEvaluatedKey"] = {name: page[-1][name] for name in dict.fromkeys(order)}
        return answer

    def _is_hot(self, table: Table, key: Key, *, writes: bool) -> bool:
        return self.is_hot is not None and self.is_hot(table.name, key[0], writes)

    def _check_heat(self, operation: str, table: Table, key: Key, *, writes: bool) -> None:
        if self._is_hot(table, key, writes=writes):
            raise _throttled(operation)

    def _passes(self, item: Item, given: Mapping[str, Any]) -> bool:
        return "FilterExpression" not in given or self._judge("FilterExpression", item, given)

    def _read_at(self, given: Mapping[str, Any]) -> int | None:
        """The time as of which a read sees the table, None for now.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
        """
        lag = 0 if given.get("ConsistentRead") else self.lag()
        return self.now() - lag if lag else None

    def _table(self, operation: str, given: Mapping[str, Any]) -> Table:
        return self._named(operation, given["TableName"])

    def _named(self, operation: str, name: str) -> Table:
        table = self.tables.get(name)
        if table is None:
            raise refusal(operation, "ResourceNotFoundException", f"there is no table {name}")
        return table

    def _key(self, operation: str, table: Table, item: Mapping[str, Any]) -> Key:
        key = []
        for name in table.key:
            kind, content = comparable(item[name]) if item.get(name) else _MISSING
            if kind not in ("S", "N", "B") or content in ("", b""):
                raise invalid(operation, f"the key attribute {name} is missing or empty")
            key.append((kind, content))
        return tuple(key)


def _throttled(operation: str) -> Exception:
    """The refusal of an item, or of a batch of which nothing can be processed.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
    """
    message = "The level of configured provisioned throughput for one or more partitions was exceeded"
    return refusal(operation, "ProvisionedThroughputExceededException", message)


def _taken(operation: str, item: Item) -> Stored:
    """An item to be kept, which is not too large."""
    stored = Stored(item)
    # Most are known to be small by their form, which is longer.
    if len(stored.form) > _LARGEST_ITEM and size_of(stored.item) > _LARGEST_ITEM:
        raise invalid(operation, "Item size has exceeded the maximum allowed size")
    return stored


def item_of(stored: Stored | None) -> Item | None:
    """The item; None where there is none."""
    return stored.item if stored else None


def _projected(item: Item, given: Mapping[str, Any]) -> Item:
    if "ProjectionExpression" not in given:
        return item
    return projection(given["ProjectionExpression"])(item, given.get("ExpressionAttributeNames") or {})


def _returned(old: Item | None, new: Item, values: str) -> Any:
    if values == "ALL_NEW":
        return {"Attributes": new}
    if values == "ALL_OLD":
        return {"Attributes": old} if old else {}
    changed = [name for name in {**(old or {}), **new} if (old or {}).get(name) != new.get(name)]
    if values == "UPDATED_NEW":
        return {"Attributes": {name: new[name] for name in changed if name in new}}
    if values == "UPDATED_OLD":
        return {"Attributes": {name: old[name] for name in changed if old and name in old}}
    return {}
