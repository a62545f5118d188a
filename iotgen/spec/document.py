"""A loaded spec: plain data, and the place of every key and value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Finding, Path, Problem
from iotgen.spec.character import character


@dataclass(frozen=True)
class Place:
    """Where a node stands: line and column from 1, and its path in the file as written.

    `text` is the source text of a number or a boolean that JSON would write differently, such as `3.10`.
    """

    line: int
    column: int
    path: Path
    text: str = ""


@dataclass(frozen=True)
class Document:
    """`data` is JSON data; `keys` and `values` give places by path.

    `unread` has the path and text of each value under the second occurrence of a key; `text` is the file's.

    After an overlay the paths are those of the merged data, and a place is still where the file has the node.
    """

    file: str
    data: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]
    unread: tuple[tuple[Path, str], ...] = ()
    text: str = ""

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of the node at `path` (of its key, with `key`), or of its nearest ancestor."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), 0, -1):
            place = first.get(path[:length]) or second.get(path[:length])
            if place:
                return place
        return self.values.get((), Place(1, 1, ()))

    def where(self, path: Path) -> str:
        """File and line of the key at `path`."""
        return f"{self.file}:{self.place(path, key=True).line}"

    def problem(self, finding: Finding) -> Problem:
        """A finding with its place: in this file, or in the one that it names."""
        place = self.place(finding.path, key=finding.at_key)
        elsewhere = bool(finding.file)
        line, column = (finding.line, finding.column) if elsewhere else self._at(place, finding)
        return Problem(
            finding.file or self.file,
            line,
            column,
            finding.code,
            finding.message,
            finding.severity,
            pointer(place.path),
            finding.hint,
            place.line if elsewhere else 0,
        )

    def _at(self, place: Place, finding: Finding) -> tuple[int, int]:
        """Line and column of a finding: of the node, or of one character of its text."""
        if finding.within is None or place != self.values.get(finding.path):
            return place.line, place.column
        return character(self.text, place.line, place.column, *finding.within)


def pointer(path: Path) -> str:
    """The JSON pointer (RFC 6901) of `path`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
