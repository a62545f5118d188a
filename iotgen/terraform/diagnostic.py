"""What `terraform validate` finds, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Diagnostic:
    """One fault that `terraform validate` found; `where` is `FILE:LINE`, or empty."""

    severity: str
    summary: str
    detail: str
    where: str

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Diagnostic":
        """The fault as Terraform's JSON has it."""
        place = found.get("range")
        where = f"{place['filename']}:{place['start']['line']}" if place else ""
        return cls(found["severity"], found["summary"], found.get("detail", ""), where)
