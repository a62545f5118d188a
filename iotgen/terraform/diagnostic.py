"""Diagnostics of `terraform validate`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Diagnostic:
    """One diagnostic of `terraform validate`; `where` is `FILE:LINE`, or empty."""

    severity: str
    summary: str
    detail: str
    where: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Diagnostic":
        """The diagnostic from Terraform's JSON."""
        place = data.get("range")
        where = f"{place['filename']}:{place['start']['line']}" if place else ""
        return cls(data["severity"], data["summary"], data.get("detail", ""), where)
