"""A picture as a page: to be moved, zoomed and searched, with what is known of each node at a click.

The page needs nothing from elsewhere, and its policy lets it load nothing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from iotgen.graph.graph import Graph
from iotgen.graph.words import xml
from iotgen.problem import Path

_FILE = FilePath(__file__).with_name("page.html")
_HOLE = re.compile("@(title|svg|data)@")


@dataclass(frozen=True)
class Facts:
    """A heading and rows of cells."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class About:
    """What the page says of a node: its name, its place in the spec, and facts."""

    title: str
    place: str
    sections: tuple[Facts, ...]


def page(graph: Graph, picture: str, about: Mapping[Path, About]) -> str:
    """The page with a picture of the graph, as SVG, and what is said of some of its nodes."""
    holes = {"title": xml(graph.title), "svg": picture, "data": _script(_data(graph, about))}
    return _HOLE.sub(lambda hole: holes[hole[1]], _page())


@cache
def _page() -> str:
    return _FILE.read_text(encoding="utf-8")


def _data(graph: Graph, about: Mapping[Path, About]) -> dict[str, Any]:
    """What the page's script reads, by the numbers of the nodes."""
    numbers = graph.numbers
    nodes = (*graph.nodes, *graph.shared)
    return {
        "labels": [
            *(f"{group.noun} {group.title}" for group in graph.groups),
            *(f"{node.noun} {node.title}" for node in nodes),
        ],
        "about": {numbers[id]: asdict(facts) for id, facts in about.items() if id in numbers},
        "uses": [(numbers[edge.tail], numbers[edge.head]) for edge in graph.uses],
        "groups": {
            numbers[group.id]: [numbers[node.id] for node in graph.members(group.id)]
            for group in graph.groups
        },
    }


def _script(data: Any) -> str:
    """JSON in which nothing can end the element that it stands in."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
