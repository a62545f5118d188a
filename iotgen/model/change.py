"""Changes of deployed resources that an apply cannot make."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.resource import Resource
from iotgen.problem import Finding, Path, Severity

# A resource's attributes in Terraform's state, and a whole state by address.
Attributes = Mapping[str, Any]
Deployed = Mapping[str, Attributes]


def loses(path: Path, message: str, hint: str) -> Finding:
    """A change by which an apply would lose data."""
    return Finding(path, message, hint, at_key=True, code="IOT601")


def stays(path: Path, message: str, hint: str) -> Finding:
    """A change that an apply would not make."""
    return Finding(path, message, hint, at_key=True, code="IOT602", severity=Severity.WARNING)


def fails(path: Path, message: str, hint: str) -> Finding:
    """A change at which an apply would fail."""
    return Finding(path, message, hint, at_key=True, code="IOT603")


def interrupts(path: Path, message: str, hint: str) -> Finding:
    """A change that an apply makes in steps, between which something does not work."""
    return Finding(path, message, hint, at_key=True, code="IOT604", severity=Severity.WARNING)


def kept_name(deployed: str, suffix: str) -> str:
    """The setting that keeps a deployed name, and what it keeps."""
    return f"its name by `{name_setting(deployed, suffix)}`"


def name_setting(deployed: str, suffix: str) -> str:
    """The setting that keeps a deployed name."""
    whole = rf"(?<![A-Za-z0-9]){re.escape(suffix)}(?![A-Za-z0-9])"
    return f"name: {re.sub(whole, '{suffix}', deployed)}"


def named_anew(resource: Resource, noun: str, there: Attributes, suffix: str) -> Iterator[Finding]:
    """A given name, with which Terraform would make another resource."""
    if resource.given and there["name"] != resource.name:
        yield loses(
            resource.named_at,
            f"the {noun} `{resource.key}` is deployed as `{there['name']}`: "
            f"named `{resource.name}`, it would be a new, empty {noun}",
            f"Keep {kept_name(there['name'], suffix)}, or add a {noun} under another key, "
            "and remove this one later.",
        )
