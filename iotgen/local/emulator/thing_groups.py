"""A thing group has no empty properties. MiniStack answers with some, which every plan would remove."""

import json
from typing import Any

from iotgen.local.emulator.protocol import Answer, Operation


def mend_thing_groups(iot: Any) -> None:
    """Make this MiniStack module leave out what a thing group does not have."""
    describe: Operation = iot._describe_thing_group

    def describe_thing_group(name: str) -> Answer:
        status, headers, body = describe(name)
        return status, headers, without_empty(body) if status == 200 else body

    iot._describe_thing_group = describe_thing_group


def without_empty(body: bytes) -> bytes:
    """The answer without properties that are empty."""
    group = json.loads(body)
    properties = group.get("thingGroupProperties") or {}
    if not (properties.get("attributePayload") or {}).get("attributes"):
        properties.pop("attributePayload", None)
    if not properties.get("thingGroupDescription"):
        properties.pop("thingGroupDescription", None)
    if not properties:
        group.pop("thingGroupProperties", None)
    return json.dumps(group).encode()
