"""The region that a state's resources are in: Terraform looks for them only where the provider points.

In another region, provider 5 finds none of them, forgets them, and makes them anew; provider 6 replaces them.
"""

from collections.abc import Mapping
from typing import Any

# The attributes of each resource in a state, by its address.
State = Mapping[str, Mapping[str, Any]]


def elsewhere(state: State, region: str) -> str:
    """The region that everything in the state is in, when that is not `region`; else an empty string."""
    found = {there for attributes in state.values() if (there := _region(attributes))}
    return "" if region in found else min(found, default="")


def _region(attributes: Mapping[str, Any]) -> str:
    """The region in a resource's ARN; a bucket's has none, nor has that of a role or a policy."""
    parts = str(attributes.get("arn") or "").split(":")
    in_arn = parts[3] if len(parts) > 3 else ""
    return in_arn or str(attributes.get("bucket_region") or attributes.get("region") or "")
