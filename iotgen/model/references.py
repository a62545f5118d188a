"""References from one part of a spec to another: the valid ones, and suggestions for the others."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from iotgen.model.pipeline import Named
from iotgen.problem import Finding, Path, Problem
from iotgen.spec.document import Document
from iotgen.spec.nearest import nearest
from iotgen.spec.schema import schema

_KEY = re.compile(schema()["$defs"]["key"]["pattern"])


@dataclass
class References:
    """The references of a spec, collected as they are looked up.

    `data` is valid by the schema; `declared` also has the keys with invalid settings. `nouns` has the word
    for a resource of each section, `outside` those in which one that exists already can be declared.
    """

    data: Mapping[str, Any]
    declared: Mapping[str, frozenset[str]]
    nouns: Mapping[str, str]
    outside: frozenset[str]
    followed: set[Named] = field(default_factory=set)
    lost: dict[Named, list[Path]] = field(default_factory=dict)

    def has(self, section: str, key: str, path: Path) -> bool:
        """Whether `key` can be referred to; one that is not declared is recorded with the path at fault."""
        if key in (self.data.get(section) or {}):
            self.followed.add((section, key))
            return True
        if key not in self.declared.get(section, frozenset()):
            paths = self.lost.setdefault((section, key), [])
            if path not in paths:
                paths.append(path)
        return False

    def problems(self, document: Document) -> Iterator[Problem]:
        """One for each undeclared name, however often it is used."""
        for (section, key), paths in self.lost.items():
            meant = self._meant[section, key]
            if meant is not None and not _KEY.fullmatch(meant):
                continue  # the invalid form of the key is already reported
            if meant is not None and len(paths) > 1 and (section, meant) not in self.followed:
                yield self._misspelt(document, section, key, meant)
            else:
                yield self._missing(document, section, key, meant)

    @property
    def unsettled(self) -> Iterator[Path]:
        """The paths of broken references, and of what they may stand for: a resource, or a whole section."""
        for (section, key), paths in self.lost.items():
            meant = self._meant[section, key]
            yield (section, meant) if meant else (section,)
            yield from (path[:2] for path in paths)

    @cached_property
    def _meant(self) -> dict[Named, str | None]:
        return {
            (section, key): nearest(key, sorted(self.declared.get(section, ()))) for section, key in self.lost
        }

    def _misspelt(self, document: Document, section: str, key: str, declared: str) -> Problem:
        """An unused resource, while several places refer to a similar name: its key is the one at fault."""
        message = (
            f"nothing refers to the {self.nouns[section]} `{declared}`, but "
            f"{len(self.lost[section, key])} places refer to `{key}`; did you mean `{key}`?"
        )
        hint = f"`{key}` is named on {_lines(document, self.lost[section, key])}."
        return document.problem(Finding((section, declared), message, hint, at_key=True, code="IOT201"))

    def _missing(self, document: Document, section: str, key: str, meant: str | None) -> Problem:
        first, *others = sorted(self.lost[section, key], key=lambda path: _line(document, path))
        known = sorted(self.declared.get(section, ()))
        hint = f"Use one of: {', '.join(known)}." if known else f"Declare it: the spec has no {section}."
        suggestion = f"; did you mean `{meant}`?" if meant else ""
        hints = [] if meant else [hint]
        if not meant and section in self.outside:
            hints.append("One that exists already is declared by `existing`.")
        hints += [f"It is also named on {_lines(document, others)}."] if others else []
        message = f"there is no {self.nouns[section]} `{key}`{suggestion}"
        at_key = first[-1] == key
        return document.problem(Finding(first, message, " ".join(hints), at_key=at_key, code="IOT201"))


def dropped(written: Any, kept: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Path and text of everything in `written` that is not in `kept`, its valid part."""
    if isinstance(written, dict):
        for key, value in written.items():
            same = isinstance(kept, dict) and key in kept
            if not same:
                yield (*path, key), key
            yield from dropped(value, kept[key] if same else None, (*path, key))
    elif isinstance(written, list):
        same = isinstance(kept, list) and len(kept) == len(written)
        for index, value in enumerate(written):
            yield from dropped(value, kept[index] if same else None, (*path, index))
    elif written != kept:
        yield path, str(written)


def _line(document: Document, path: Path) -> tuple[int, int]:
    place = document.place(path)
    return place.line, place.column


def _lines(document: Document, paths: list[Path]) -> str:
    """The lines of `paths` in words: `line 4`, `lines 4, 7 and 9`."""
    *numbers, last = (str(line) for line in sorted({_line(document, path)[0] for path in paths}))
    return f"lines {', '.join(numbers)} and {last}" if numbers else f"line {last}"
