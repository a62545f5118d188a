"""Settings that a spec may leave open and that have no default: they follow from something else in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True)
class Derived:
    """The value of the setting at a path, and what it follows from, in words."""

    path: Path
    value: Any
    source: str


def no_derived(_resource: Resource) -> Iterable[Derived]:
    """The derived settings of a kind that has none."""
    return ()
