"""What is shown of deployed devices: how many there are. AWS has no metrics of a group."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from iotgen.kinds.devices.group import DeviceGroup
from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted
from iotgen.model.status import Fact, Metric, Status

# Of a larger group it is said that there are so many at least: one page has 250.
_MOST = 5000


def _metrics(_group: DeviceGroup) -> Iterable[Metric]:
    return ()


def _facts(clients: Clients, group: DeviceGroup) -> Iterator[Fact]:
    clients("iot").describe_thing_group(thingGroupName=group.name)
    number = devices_of(clients("iot"), group.name)
    yield Fact(column="devices", value=f"over {_MOST}" if number > _MOST else number)


def device_contents(clients: Clients, group: Attributes, _now: datetime) -> Amount:
    """The devices that can no longer connect without the group."""
    number = devices_of(clients("iot"), group["name"])
    words = f"over {_MOST:,} devices" if number > _MOST else counted(number, "device")
    kind = _type_of(clients("iot"), group["name"]) if number else None
    typed = f"; AWS refuses to delete their type `{kind}` until `iotgen devices remove` has removed them all"
    return Amount(f"{words}, which could no longer connect{typed if kind else ''}", empty=number == 0)


def _type_of(client: Any, group: str) -> str | None:
    """The type of a device of a group, None if it has none; what is enrolled has that of the group."""
    things = client.list_things_in_thing_group(thingGroupName=group, maxResults=1)["things"]
    return client.describe_thing(thingName=things[0]).get("thingTypeName") if things else None


def devices_of(client: Any, name: str) -> int:
    """How many things are in a group, at most one more than is counted."""
    pages = client.get_paginator("list_things_in_thing_group").paginate(
        thingGroupName=name, PaginationConfig={"MaxItems": _MOST + 1, "PageSize": 250}
    )
    return sum(len(page["things"]) for page in pages)


DEVICE_STATUS: Status[Any] = Status(columns=("devices",), metrics=_metrics, facts=_facts)
