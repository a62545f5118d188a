"""A loaded spec: plain data, and beside it the place of every key and value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Problem, Severity

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a node stands: line and column from 1, and its path in the file as written.

    `text` is how a number or a boolean is written, where JSON writes it otherwise: `3.10`.
    """

    line: int
    column: int
    path: Path
    text: str = ""


@dataclass(frozen=True)
class Document:
    """`data` is what JSON can hold; `keys` and `values` give places by path.

    `unread` has path and text of what stands under a key that is there twice.

    After an overlay the paths are those of the merged data, and a place still tells where in the file
    the node was written.
    """

    file: str
    data: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]
    unread: tuple[tuple[Path, str], ...] = ()

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of the node at `path` (of its key, with `key`), or of what is nearest above it."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), 0, -1):
            found = first.get(path[:length]) or second.get(path[:length])
            if found:
                return found
        return self.values.get((), Place(1, 1, ()))

    def problem(
        self,
        path: Path,
        code: str,
        message: str,
        hint: str = "",
        *,
        key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Problem:
        """A problem of the node at `path`."""
        place = self.place(path, key=key)
        return Problem(
            self.file, place.line, place.column, code, message, severity, pointer(place.path), hint
        )


def pointer(path: Path) -> str:
    """The JSON pointer (RFC 6901) of `path`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
