"""A definition in the Amazon States Language: read from a file or the spec, with the place of each node.

https://states-language.net/spec.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.problem import Finding, Path
from iotgen.spec.document import Place
from iotgen.spec.json_places import json_places
from iotgen.spec.load import load
from iotgen.spec.strict_json import read_json


@dataclass(frozen=True)
class Definition:
    """The `data` of a definition, None if it cannot be read; `fault` says why, where that is known.

    It stands at `path` of the spec, in a `file` or, if that is empty, in the spec itself.
    """

    path: Path
    data: Any
    file: str = ""
    places: Mapping[Path, Place] = field(default_factory=dict)
    fault: Finding | None = None

    def at(self, path: Path, message: str, hint: str = "", code: str = "") -> Finding:
        """A finding about the node at `path` of the definition, or the nearest one around it."""
        if not self.file:
            return Finding((*self.path, *path), message, hint, code=code)
        place = next(
            (self.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.places),
            Place(1, 1, ()),
        )
        return Finding(
            self.path, message, hint, file=self.file, line=place.line, column=place.column, code=code
        )


def read(written: Any, text: str | None, path: Path) -> Definition:
    """The definition of a setting at `path`: the name of a file with a `text`, or the definition itself."""
    if not isinstance(written, str):
        return Definition(path, written)
    if text is None:
        return Definition(path, None, written)
    return _json(written, text, path) if written.endswith(".json") else _yaml(written, text, path)


def _json(file: str, text: str, path: Path) -> Definition:
    try:
        return Definition(path, read_json(text), file, json_places(text))
    except json.JSONDecodeError as error:
        message = f"`{file}` is not JSON: {error.msg}"
        hint = "Correct the file, or give it the ending .yaml if it is YAML."
        fault = Finding(path, message, hint, file=file, line=error.lineno, column=error.colno)
        return Definition(path, None, file, fault=fault)


def _yaml(file: str, text: str, path: Path) -> Definition:
    document, problems = load(text, file)
    places = {**document.values, **document.keys}
    if not problems:
        return Definition(path, document.data, file, places)
    first = min(problems)
    message = f"`{file}` is not YAML: {first.message.removeprefix('not valid YAML: ')}"
    fault = Finding(
        path, message, first.hint or "Correct the file.", file=file, line=first.line, column=first.column
    )
    return Definition(path, None, file, places, fault)
