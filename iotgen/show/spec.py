"""A spec in an environment: its data as written, with the overlay, and filled, with places."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Path
from iotgen.spec.defaults import at, fill, holds, written_at
from iotgen.spec.document import Document, Place
from iotgen.spec.schema import schema

_OVERLAYS = "environments"


@dataclass(frozen=True)
class Spec:
    """A valid document with an environment's overlay, and the same with all defaults."""

    document: Document
    filled: Mapping[str, Any]

    def value(self, path: Path) -> Any:
        """The value at a path, with all defaults; KeyError if there is none."""
        return at(self.filled, path)

    def has(self, path: Path) -> bool:
        """Whether there is a value at a path."""
        return holds(self.filled, path)

    def written(self, path: Path) -> Path | None:
        """The path of what decides the value at `path`: its own, or in the defaults of its kind.

        None if the schema's default decides. Places alone do not tell: an overlay may have removed the node.
        """
        return written_at(self.document.data, path, schema())

    def place(self, path: Path) -> Place:
        """Where the value at a path is written, or its nearest ancestor."""
        return self.document.values.get(path) or self.document.place(path)


def spec_of(document: Document) -> Spec:
    """The spec of a valid document."""
    return Spec(document, fill(document.data, schema()))


def is_overlaid(place: Place) -> bool:
    """Whether a place is in an environment's overlay."""
    return place.path[:1] == (_OVERLAYS,)
