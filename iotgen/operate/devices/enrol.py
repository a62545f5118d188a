"""Enrols a device: a thing in a group, with a certificate of its own.

https://docs.aws.amazon.com/iot/latest/developerguide/device-certs-create.html
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError, UsageError
from iotgen.kinds.devices import DeviceGroup
from iotgen.model.pipeline import Pipeline
from iotgen.operate.devices.files import Files, reserved
from iotgen.operate.refusal import explaining
from iotgen.spec.nearest import nearest

# https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
_NAME = re.compile(r"[a-zA-Z0-9:_-]{1,128}")
_PERMISSIONS = (
    "iot:ListThingGroupsForThing, iot:CreateThing, iot:UpdateThing, iot:AddThingToThingGroup, "
    "iot:ListThingPrincipals, iot:CreateKeysAndCertificate and iot:AttachThingPrincipal"
)


@dataclass(frozen=True)
class Enrolled:
    """A device that may connect now, by the key and the certificate in its files.

    `adopted` is whether its thing was there already, without a certificate and not in the group.
    """

    name: str
    files: Files
    certificate: str
    adopted: bool


def find_group(pipeline: Pipeline, key: str | None) -> DeviceGroup:
    """The group of devices with a key, or the only one; UsageError if there is none."""
    groups = {group.key: group for group in pipeline.all(DeviceGroup)}
    if not groups:
        hint = 'Add one: `devices: {sensors: {publish: ["dt/{device}/telemetry"]}}`.'
        raise UsageError("the spec has no `devices`", hint)
    if key is None and len(groups) == 1:
        return next(iter(groups.values()))
    if key in groups:
        return groups[key or ""]
    meant = nearest(key or "", groups)
    suggestion = f"; did you mean `{meant}`?" if meant else ""
    message = f"there is no group of devices `{key}`{suggestion}" if key else "the spec has several groups"
    raise UsageError(message, f"Choose one with `--group`: {', '.join(groups)}.")


def check_names(names: tuple[str, ...]) -> None:
    """UsageError unless all are names that a thing can have, and each is there once."""
    for name in names:
        if not _NAME.fullmatch(name):
            hint = "Use letters, digits and the signs `:`, `_` and `-`, at most 128."
            raise UsageError(f"{name!r} cannot be the name of a device", hint)
    if len(set(names)) < len(names):
        raise UsageError("a device is named twice", "Name each once.")


def require_deployed(iot: Any, group: DeviceGroup, apply: str) -> None:
    """IotgenError unless AWS has the group; `apply` is the command that makes it."""
    with explaining(f"look for the group `{group.key}`", "iot:DescribeThingGroup"):
        try:
            iot.describe_thing_group(thingGroupName=group.name)
        except iot.exceptions.ResourceNotFoundException:
            message = f"the group `{group.key}` is not deployed: AWS has no thing group `{group.name}`"
            raise IotgenError(message, f"Run `{apply}` first.") from None


def enrol(iot: Any, group: DeviceGroup, name: str, folder: Path) -> Enrolled:
    """Make a thing with a certificate, and its files in a folder.

    After an error, or an interruption, there is no such certificate and no file, and it can be run again.
    """
    with reserved(folder, name) as files, explaining(f"enrol `{name}`", _PERMISSIONS):
        _refuse_second(iot, name)
        groups = _groups_of(iot, name)
        typed = {"thingTypeName": group.type.name} if group.type else {}
        # It is there already after an attempt that failed.
        if groups is None:
            iot.create_thing(thingName=name, **typed)
        elif typed:
            iot.update_thing(thingName=name, **typed)
        iot.add_thing_to_thing_group(thingGroupName=group.name, thingName=name)
        made = iot.create_keys_and_certificate(setAsActive=True)
        try:
            files.write(made["keyPair"]["PrivateKey"], made["certificatePem"])
            iot.attach_thing_principal(thingName=name, principal=made["certificateArn"])
        except BaseException:
            _discard(iot, name, made)
            raise
    return Enrolled(name, files, made["certificateId"], groups is not None and group.name not in groups)


def _groups_of(iot: Any, name: str) -> frozenset[str] | None:
    """The names of the groups that a thing is in; None if there is no such thing."""
    try:
        pages = iot.get_paginator("list_thing_groups_for_thing").paginate(thingName=name)
        return frozenset(one["groupName"] for page in pages for one in page["thingGroups"])
    except iot.exceptions.ResourceNotFoundException:
        return None


def principals(iot: Any, name: str) -> Iterator[str]:
    """The ARNs of a thing's certificates, none if there is no such thing."""
    try:
        for page in iot.get_paginator("list_thing_principals").paginate(thingName=name):
            yield from page["principals"]
    except iot.exceptions.ResourceNotFoundException:
        return


def _refuse_second(iot: Any, name: str) -> None:
    if any(principals(iot, name)):
        message = f"the device `{name}` has a certificate already, and AWS does not give out its key again"
        raise IotgenError(message, f"For a new one, run `iotgen devices remove {name}` first.")


def _discard(iot: Any, name: str, made: dict[str, Any]) -> None:
    """Take back a certificate whose key nobody has; without a thing in a group it may do nothing anyway."""
    from botocore.exceptions import BotoCoreError, ClientError

    arn, id = made["certificateArn"], made["certificateId"]
    steps: tuple[Callable[[], Any], ...] = (
        partial(iot.update_certificate, certificateId=id, newStatus="INACTIVE"),
        partial(iot.detach_thing_principal, thingName=name, principal=arn),
        partial(iot.delete_certificate, certificateId=id, forceDelete=True),
    )
    for undo in steps:
        with suppress(BotoCoreError, ClientError):  # only the first error is reported
            undo()
