"""Takes a device out: its certificate no longer connects, and its thing is gone."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from iotgen.errors import IotgenError
from iotgen.kinds.devices import DeviceGroup
from iotgen.operate.devices.enrol import principals
from iotgen.operate.refusal import error_code, explaining

_PERMISSIONS = (
    "iot:ListThingGroupsForThing, iot:ListThingPrincipals, iot:ListPrincipalThings, iot:DescribeThing, "
    "iot:UpdateThing, iot:DescribeCertificate, iot:UpdateCertificate, iot:DetachThingPrincipal, "
    "iot:DeleteCertificate and iot:DeleteThing"
)
# A thing is in ten groups at most: https://docs.aws.amazon.com/general/latest/gr/iot_device_management.html
_GROUPS = 20
# Detaching takes AWS some seconds: https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
_ATTEMPTS, _PAUSE = 10, 1.0
# The attribute of a thing with the certificates that go with it: at most 800 characters, 65 for each.
_RETIRED, _MOST_NOTED = "retired-certificates", 12
_NOT_YET = frozenset({"DeleteConflictException", "InvalidRequestException"})


def names_of(iot: Any, group: DeviceGroup) -> Iterator[str]:
    """The devices of a group, a page at a time."""
    with explaining(f"list the devices of `{group.key}`", "iot:ListThingsInThingGroup"):
        pages = iot.get_paginator("list_things_in_thing_group").paginate(
            thingGroupName=group.name, PaginationConfig={"PageSize": 250}
        )
        for page in pages:
            yield from page["things"]


def remove(
    iot: Any, group: DeviceGroup, name: str, wait: Callable[[float], None] = time.sleep
) -> tuple[str, ...]:
    """Take a device out of AWS IoT; the ids of its certificates, which nobody can use any more.

    They are deactivated first, so that an interruption leaves none that connects. The thing says which they
    are, so that the next run finds also those that are detached by then, and deletes them.
    """
    with explaining(f"remove `{name}`", _PERMISSIONS):
        _require_member(iot, group, name)
        own = tuple(principals(iot, name))
        retired = _retiring(iot, name, own)
        for arn in own:
            _retire(iot, name, arn, wait)
        ids = tuple(map(_id, own))
        left = tuple(id for id in retired if id not in ids and _delete_left(iot, id, wait))
        _settled(lambda: iot.delete_thing(thingName=name), wait)
    return (*ids, *left)


def _id(arn: str) -> str:
    return arn.rpartition("/")[2]


def _retiring(iot: Any, name: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the certificates that go with a thing, which it has noted itself by then.

    https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
    """
    noted = iot.describe_thing(thingName=name).get("attributes", {}).get(_RETIRED, "")
    before = tuple(id for id in noted.split(",") if id)
    ids = tuple(dict.fromkeys((*before, *(_id(arn) for arn in own if not _is_shared(iot, name, arn)))))
    if ids != before:
        payload = {"attributes": {_RETIRED: ",".join(ids[:_MOST_NOTED])}, "merge": True}
        # A thing that has all its attributes for something else goes all the same.
        with suppress(iot.exceptions.InvalidRequestException):
            iot.update_thing(thingName=name, attributePayload=payload)
    return ids


def _delete_left(iot: Any, id: str, wait: Callable[[float], None]) -> bool:
    """Delete a certificate that an earlier run has detached, unless it is used again; whether it did."""
    try:
        about = iot.describe_certificate(certificateId=id)["certificateDescription"]
    except iot.exceptions.ResourceNotFoundException:
        return False
    things = iot.list_principal_things(principal=about["certificateArn"])["things"]
    if about["status"] != "INACTIVE" or things:
        return False
    _settled(lambda: iot.delete_certificate(certificateId=id, forceDelete=True), wait)
    return True


def _require_member(iot: Any, group: DeviceGroup, name: str) -> None:
    try:
        pages = iot.get_paginator("list_thing_groups_for_thing").paginate(thingName=name)
        listed = islice((one["groupName"] for page in pages for one in page["thingGroups"]), _GROUPS)
        there = group.name in listed
    except iot.exceptions.ResourceNotFoundException:
        there = False
    if not there:
        message = f"there is no device `{name}` in the group `{group.key}`"
        raise IotgenError(message, "`iotgen devices list` lists those that there are.")


def _retire(iot: Any, name: str, arn: str, wait: Callable[[float], None]) -> None:
    """Deactivate a certificate and delete it; one of another thing too is only detached."""
    id, shared = _id(arn), _is_shared(iot, name, arn)
    if not shared:
        iot.update_certificate(certificateId=id, newStatus="INACTIVE")
    iot.detach_thing_principal(thingName=name, principal=arn)
    if not shared:
        _settled(lambda: iot.delete_certificate(certificateId=id, forceDelete=True), wait)


def _is_shared(iot: Any, name: str, arn: str) -> bool:
    return bool(iot.list_principal_things(principal=arn)["things"] != [name])


def _settled(call: Callable[[], Any], wait: Callable[[float], None]) -> None:
    """Make a call, again while AWS still sees what was detached."""
    from botocore.exceptions import ClientError

    for _ in range(_ATTEMPTS - 1):
        try:
            call()
            return
        except ClientError as error:
            if error_code(error) not in _NOT_YET:
                raise
        wait(_PAUSE)
    call()
