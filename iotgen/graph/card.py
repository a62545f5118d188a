"""The cards that stand for nodes: their texts as they fit, and their sizes in pixels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from iotgen.graph.graph import Graph
from iotgen.graph.measure import clipped, width
from iotgen.model.drawing import Node
from iotgen.problem import Path

TITLE, NOTE, BADGE, LABEL = 14, 12, 11.5, 11.5
# From the left edge to the text, and from its end to the right edge.
LEFT, RIGHT = 44, 10
NARROWEST, WIDEST = 120, 240
_PLAIN, _BADGED = 52, 74
_BADGE_GAP, BADGE_ICON = 9, 16


@dataclass(frozen=True)
class Badge:
    """A mark on a card: `name` chooses its icon; `x` is its distance from the card's text."""

    name: str
    text: str
    x: int


@dataclass(frozen=True)
class Card:
    """A node's texts and size."""

    node: Node
    title: str
    note: str
    badges: tuple[Badge, ...]
    width: int
    height: int


def cards(graph: Graph) -> dict[Path, Card]:
    """The cards of all nodes of the flow; those of one style are equally wide."""
    widths: dict[str, int] = {}
    for node in graph.nodes:
        name = node.style.name
        widths[name] = max(widths.get(name, NARROWEST), _needed(node, graph.alarms))
    return {node.id: _card(node, widths[node.style.name], graph.alarms) for node in graph.nodes}


def _needed(node: Node, alarms: Mapping[Path, int]) -> int:
    texts = [width(node.title, TITLE, bold=True), width(node.note, NOTE)]
    texts += [badge.x + BADGE_ICON + width(badge.text, BADGE) for badge in badges(node, alarms)]
    return min(WIDEST, LEFT + ceil(max(texts)) + RIGHT)


def _card(node: Node, wide: int, alarms: Mapping[Path, int]) -> Card:
    room = wide - LEFT - RIGHT
    marks = tuple(badges(node, alarms))
    return Card(
        node=node,
        title=clipped(node.title, room, TITLE, bold=True),
        note=clipped(node.note, room, NOTE),
        badges=marks,
        width=wide,
        height=_BADGED if marks else _PLAIN,
    )


def badges(node: Node, alarms: Mapping[Path, int]) -> Iterable[Badge]:
    """The alarms on a node, and its dead-letter queue."""
    x = 0
    for name, text in _marks(node, alarms):
        yield Badge(name, text, x)
        x += BADGE_ICON + ceil(width(text, BADGE)) + _BADGE_GAP


def _marks(node: Node, alarms: Mapping[Path, int]) -> Iterator[tuple[str, str]]:
    if count := alarms.get(node.id):
        yield "alarm", str(count)
    if node.dead_letters:
        yield "dead", node.dead_letters
