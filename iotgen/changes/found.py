"""What the changes of each kind of resource are found in, and how they are told."""

import re
from collections.abc import Mapping
from typing import Any

from iotgen.model.resource import Path

# A resource's attributes in the state, and a whole state by address.
Attributes = Mapping[str, Any]
State = Mapping[str, Attributes]

LOSES, STAYS, FAILS = "IOT601", "IOT602", "IOT603"
# Where in the spec it is, the code, the message and the hint.
Found = tuple[Path, str, str, str]


def kept_name(deployed: str, suffix: str) -> str:
    """The setting that makes a name which is deployed."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(suffix)}(?![A-Za-z0-9])"
    return f"its name by `name: {re.sub(whole, '{suffix}', deployed)}`"
