"""As much of AWS as the processor calls, in memory: each call takes CALL_SECONDS of a virtual clock.

moto would take minutes for what is thousands of calls here.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from tests.bench.virtual_time import VirtualTime

CALL_SECONDS = 0.010

Item = Mapping[str, Any]


class Killed(BaseException):
    """Lambda ends the function here: its time is up."""


@dataclass
class MemoryAws:
    """A table of items by key, with the time of each one's first write; and what was published when."""

    time: VirtualTime
    config: str
    sort_key: str = "event_date"
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    written_at: dict[tuple[str, str], float] = field(default_factory=dict)
    published: list[tuple[float, Mapping[str, str]]] = field(default_factory=list)

    def client(self, deadline: Callable[[], float], calls: list[str]) -> "Client":
        """Give a client of each service, for a container whose invocation ends at `deadline`."""
        return Client(self, deadline, calls)

    def put(self, item: Item) -> None:
        """Write an item."""
        key = self.key(item)
        self.items[key] = item
        self.written_at.setdefault(key, self.time.now)

    def key(self, item: Item) -> tuple[str, str]:
        """Give an item's key."""
        return item["device_id"]["S"], item[self.sort_key]["S"]


@dataclass
class Client:
    """The calls that the processor makes."""

    aws: MemoryAws
    deadline: Callable[[], float]
    calls: list[str]

    def get_parameter(self, **_: Any) -> Any:
        self._pass("get_parameter")
        return {"Parameter": {"Value": self.aws.config}}

    def publish(self, **message: str) -> Any:
        self._pass("publish")
        self.aws.published.append((self.aws.time.now, message))
        return {}

    def batch_write_item(self, RequestItems: Mapping[str, Sequence[Any]]) -> Any:  # noqa: N803
        self._pass("batch_write_item")
        [requests] = RequestItems.values()
        for request in requests:
            self.aws.put(request["PutRequest"]["Item"])
        return {"UnprocessedItems": {}}

    def put_item(
        self,
        Item: Item,  # noqa: N803
        ConditionExpression: str,  # noqa: N803
        ExpressionAttributeNames: Mapping[str, str] | None = None,  # noqa: N803
        ExpressionAttributeValues: Mapping[str, Any] | None = None,  # noqa: N803
        **_: Any,
    ) -> Any:
        self._pass("put_item")
        there = self.aws.items.get(self.aws.key(Item))
        holds = _condition(ConditionExpression, tuple((ExpressionAttributeNames or {}).items()))
        if not holds(there or {}, ExpressionAttributeValues or {}):
            refused: Any = {"Error": {"Code": "ConditionalCheckFailedException"}, "Item": there}
            raise ClientError(refused, "PutItem")
        self.aws.put(Item)
        return {}

    def _pass(self, call: str) -> None:
        time, deadline = self.aws.time, self.deadline()
        if time.now + CALL_SECONDS > deadline:
            time.sleep(deadline - time.now)
            raise Killed
        self.calls.append(call)
        time.sleep(CALL_SECONDS)


_TERM = re.compile(r"attribute_not_exists\((\w+)\)|(\w+) (=|<>|<=) (:\w+)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "<>": operator.ne, "<=": operator.le}


@cache
def _condition(text: str, names: tuple[tuple[str, str], ...]) -> Callable[[Item, Item], bool]:
    """Read a condition of the processor's: alternatives, each of terms that have to hold together."""
    for alias, name in names:
        text = text.replace(alias, name)
    alternatives = [_TERM.findall(alternative) for alternative in text.split(" OR ")]
    if sum(map(len, alternatives)) != 1 + text.count(" OR ") + text.count(" AND "):
        raise ValueError(f"a condition that is not known here: {text}")

    def term(found: Sequence[str], item: Item, values: Item) -> bool:
        absent, name, sign, value = found
        if absent:
            return absent not in item
        return name in item and _COMPARE[sign](_plain(item[name]), _plain(values[value]))

    return lambda item, values: any(
        all(term(found, item, values) for found in terms) for terms in alternatives
    )


def _plain(attribute: Mapping[str, Any]) -> Any:
    [(kind, value)] = attribute.items()
    return float(value) if kind == "N" else value
