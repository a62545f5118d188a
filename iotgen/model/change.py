"""What is deployed and cannot become what the spec says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.resource import Path

# A resource's attributes in Terraform's state, and a whole state by address.
Attributes = Mapping[str, Any]
Deployed = Mapping[str, Attributes]

# An apply would lose what is there, leave it as it is, or fail.
LOSES, STAYS, FAILS = "IOT601", "IOT602", "IOT603"


@dataclass(frozen=True)
class Change:
    """A change, at `path` in the spec, that an apply cannot make."""

    path: Path
    code: str
    message: str
    hint: str


def kept_name(deployed: str, suffix: str) -> str:
    """The setting that keeps a name which is deployed."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(suffix)}(?![A-Za-z0-9])"
    return f"its name by `name: {re.sub(whole, '{suffix}', deployed)}`"
