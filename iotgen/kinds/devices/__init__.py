"""Devices: groups of things in AWS IoT, and the policy by which each connects as itself only.

A thing type permits nothing, and is there only if the spec wants one: AWS deletes it five minutes after it
was deprecated. https://docs.aws.amazon.com/iot/latest/developerguide/delete-thing-types.html
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from iotgen.kinds.devices.changes import device_changes
from iotgen.kinds.devices.group import ADDRESS, DEVICE, SECTION, TYPE, DeviceGroup, DeviceType
from iotgen.kinds.devices.status import DEVICE_STATUS, device_contents
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.kind import Kind, Name, Resolving
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of

__all__ = ["DEVICE", "DEVICES", "DeviceGroup"]


def _resolve(context: Resolving) -> tuple[DeviceGroup, ...]:
    return tuple(
        DeviceGroup(
            **context.named(key, path),
            region=context.region,
            type=_type(context, key, settings.get("type")),
            publish=_topics(context, settings["publish"]),
            subscribe=_topics(context, settings["subscribe"]),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _type(context: Resolving, key: str, written: Mapping[str, Any] | None) -> DeviceType | None:
    if written is None:
        return None
    given = str(written.get("name", ""))
    name = context.filled(given) if given else context.name(key)
    return DeviceType(name, given, written.get("description"), tuple(written["searchable"]))


def _topics(context: Resolving, written: Iterable[str]) -> tuple[str, ...]:
    return tuple(topic.replace("{suffix}", context.suffix) for topic in written)


def _names(group: DeviceGroup) -> Iterator[Name]:
    # https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThingGroup.html
    yield Name(what="a group of devices", text=group.name, space="device group", most=128)
    if group.type:
        path = (*group.path, "type")
        yield Name(what="a type of devices", text=group.type.name, space="device type", most=128, path=path)


def _render(groups: tuple[DeviceGroup, ...], _digests: Digests) -> Iterator[Rendering]:
    for group in groups:
        yield Rendering(SECTION, group.path, "device_group", {"group": group})


def _outputs(groups: tuple[DeviceGroup, ...]) -> tuple[Output, ...]:
    labels = {group.key: group.label for group in groups}
    return output_of("device_groups", "The thing groups of devices", labels, f"{ADDRESS}.name")


def _preflight(groups: tuple[DeviceGroup, ...], account: Account) -> Iterator[Check]:
    """The names of groups, policies and types that are taken."""
    client = account.client("iot")
    for group in groups:
        asked = [
            (client.describe_thing_group, "thingGroupName", "the thing group", "thinggroup", group.name),
            (client.get_policy, "policyName", "the policy of devices", "policy", group.name),
        ]
        if group.type:
            asked += [
                (client.describe_thing_type, "thingTypeName", "the thing type", "thingtype", group.type.name)
            ]
        for ask, parameter, what, word, name in asked:
            try:
                ask(**{parameter: name})
            except client.exceptions.ResourceNotFoundException:
                continue
            there = account.arn("iot", f"{word}/{name}")
            if not _is_ours(client, there, account):
                yield from account.taken(what, name, group.path, there)


def _is_ours(client: Any, arn: str, account: Account) -> bool:
    """Whether something has the tags of this environment, which AWS IoT has to be asked for itself."""
    tags = client.list_tags_for_resource(resourceArn=arn)["tags"]
    return account.tags.items() <= {tag["Key"]: tag.get("Value") for tag in tags}.items()


_STYLE = Style(
    name="devices",
    hue=None,
    icon="M7 7h10v10H7zM9.5 3v4M14.5 3v4M9.5 17v4M14.5 17v4M3 9.5h4M3 14.5h4M17 9.5h4M17 14.5h4",
    shape=("([", "])"),
)


def _drawing(groups: tuple[DeviceGroup, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for group in groups:
        yield Node(id=group.path, noun="devices", title=group.key, note="MQTT", style=_STYLE)


DEVICES: Kind[DeviceGroup] = Kind(
    section=SECTION,
    noun="group of devices",
    type=DeviceGroup,
    address=ADDRESS,
    referred=True,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    # AWS counts connections by account and protocol only.
    alarms=None,
    logs=no_logs,
    status=DEVICE_STATUS,
    traces=None,
    changes=device_changes,
    contents=device_contents,
    refuses=None,
    preflight=_preflight,
    in_spec=None,
    waits={TYPE: "AWS deletes a type of devices five minutes after it is deprecated"},
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)
