"""Takes a device out: its certificate no longer connects, and its thing is gone."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from iotgen.errors import IotgenError
from iotgen.kinds.devices import DeviceGroup
from iotgen.operate.devices.enrol import principals
from iotgen.operate.refusal import error_code, explaining

_PERMISSIONS = (
    "iot:ListThingGroupsForThing, iot:ListThingPrincipals, iot:ListPrincipalThings, iot:UpdateCertificate, "
    "iot:DetachThingPrincipal, iot:DeleteCertificate and iot:DeleteThing"
)
# A thing is in ten groups at most: https://docs.aws.amazon.com/general/latest/gr/iot_device_management.html
_GROUPS = 20
# Detaching takes AWS some seconds: https://docs.aws.amazon.com/iot/latest/apireference/API_DetachThingPrincipal.html
_ATTEMPTS, _PAUSE = 10, 1.0
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

    They are deactivated first, so that an interruption leaves none that connects, and the next run goes on.
    """
    with explaining(f"remove `{name}`", _PERMISSIONS):
        _require_member(iot, group, name)
        own = tuple(principals(iot, name))
        for arn in own:
            _retire(iot, name, arn, wait)
        _settled(lambda: iot.delete_thing(thingName=name), wait)
    return tuple(arn.rpartition("/")[2] for arn in own)


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
    id = arn.rpartition("/")[2]
    shared = iot.list_principal_things(principal=arn)["things"] != [name]
    if not shared:
        iot.update_certificate(certificateId=id, newStatus="INACTIVE")
    iot.detach_thing_principal(thingName=name, principal=arn)
    if not shared:
        _settled(lambda: iot.delete_certificate(certificateId=id, forceDelete=True), wait)


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
