"""The place of each node of a JSON text: `json` keeps no positions, and YAML does not accept all JSON."""

import json
import re
from collections.abc import Mapping

from iotgen.problem import Path
from iotgen.spec.document import Place

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def json_places(text: str) -> Mapping[Path, Place]:
    """The place of each node by its path, of its key if it has one; `text` is valid JSON."""
    places: dict[Path, Place] = {}
    for path, offset in _nodes(text):
        start = text.rfind("\n", 0, offset) + 1
        places.setdefault(path, Place(text.count("\n", 0, offset) + 1, offset - start + 1, path))
    return places


def _nodes(text: str) -> list[tuple[Path, int]]:
    """Path and offset of each node; a member of an object comes twice, by its key and by its value."""
    nodes: list[tuple[Path, int]] = []
    around: list[tuple[Path, str]] = []  # the objects and lists that are open
    path: Path = ()
    key_next = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in ("}", "]"):
            path, _ = around.pop()
            key_next = False
        elif mark == ",":
            outer, kind = around[-1]
            key_next = kind == "{"
            path = outer if key_next else (*outer, int(path[-1]) + 1)
        elif mark != ":":
            path = (*path, str(json.loads(mark))) if key_next else path
            nodes.append((path, token.start()))
            key_next = mark == "{"
            if mark in ("{", "["):
                around.append((path, mark))
                path = path if key_next else (*path, 0)
    return nodes
