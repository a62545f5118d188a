"""Changes of the type of deployed devices, which AWS cannot change."""

from collections.abc import Iterator

from iotgen.kinds.devices.group import TYPE, DeviceGroup
from iotgen.model.change import Attributes, Deployed, interrupts
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding


def device_changes(
    groups: tuple[DeviceGroup, ...], _pipeline: Pipeline, deployed: Deployed
) -> Iterator[Finding]:
    """A type that is removed, or replaced by another.

    The provider deprecates it, and tries for some minutes to delete it. AWS deletes none that a device has:
    https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteThingType.html
    """
    for group in groups:
        there = deployed.get(f"{TYPE}.{group.label}")
        if there and not _same(group, there):
            name = there["name"]
            yield interrupts(
                (*group.path, "type") if group.type else group.path,
                f"the devices of `{group.key}` are of the type `{name}`, which AWS cannot change: it is "
                "deleted five minutes after it is deprecated, and the apply fails if a device still has it",
                "Keep it, or take it from each device first: "
                "aws iot update-thing --remove-thing-type --thing-name NAME",
            )


def _same(group: DeviceGroup, there: Attributes) -> bool:
    if group.type is None or group.type.name != there["name"]:
        return False
    properties: Attributes = next(iter(there.get("properties") or ()), {})
    description = properties.get("description") or None
    searchable = frozenset(properties.get("searchable_attributes") or ())
    return group.type.description == description and frozenset(group.type.searchable) == searchable
