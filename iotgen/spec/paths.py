"""The files and folders that a spec names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Path
from iotgen.spec.walk import Schema, walk


@dataclass(frozen=True)
class NamedPath:
    """A path in the project that the spec names at `place`.

    By what the schema `holds` there, it `is_folder`, `is_archive`, or is a file of text.
    """

    place: Path
    name: str
    is_folder: bool
    is_archive: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is a file that is read as text."""
        return not (self.is_folder or self.is_archive)


def named_paths(data: Any, schema: Schema) -> Iterator[NamedPath]:
    """Each path that `data` names; the data need not be valid."""
    for place, value, node in walk(data, schema):
        if "holds" in node and isinstance(value, str):
            yield NamedPath(place, value, node["holds"] == "folder", node["holds"] == "archive")
