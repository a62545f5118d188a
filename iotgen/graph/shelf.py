"""The settings and libraries that functions share: cards in rows under the flow, with who uses them."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from iotgen.graph.box import Box
from iotgen.graph.card import LEFT, NOTE, RIGHT, TITLE, Card
from iotgen.graph.graph import Graph
from iotgen.graph.measure import clipped, width
from iotgen.graph.words import users

_HEADING, _GAP, _HEIGHT = 40, 14, 52
_NARROWEST, _WIDEST = 200, 420


@dataclass(frozen=True)
class Shelf:
    """The cards of shared nodes with their places; no height without any."""

    cards: tuple[tuple[Card, Box], ...]
    width: int
    height: int


def shelf_of(graph: Graph, wide: int) -> Shelf:
    """The shelf of a picture, in rows of about the width of its flow."""
    places = tuple(_placed([*_cards(graph)], max(wide, _WIDEST)))
    if not places:
        return Shelf((), 0, 0)
    boxes = [box for _, box in places]
    return Shelf(places, max(box.right for box in boxes), max(box.bottom for box in boxes))


def _cards(graph: Graph) -> Iterator[Card]:
    for node in graph.shared:
        used = users(graph, node)
        note = f"{node.note} · {used}" if used else node.note
        needed = max(width(node.title, TITLE, bold=True), width(note, NOTE))
        wide = min(_WIDEST, max(_NARROWEST, LEFT + ceil(needed) + RIGHT))
        room = wide - LEFT - RIGHT
        title = clipped(node.title, room, TITLE, bold=True)
        yield Card(node, title, clipped(note, room, NOTE), (), wide, _HEIGHT)


def _placed(cards: list[Card], wide: int) -> Iterator[tuple[Card, Box]]:
    x, y = 0, _HEADING
    for card in cards:
        if x and x + card.width > wide:
            x, y = 0, y + _HEIGHT + _GAP
        yield card, Box(x, y, card.width, card.height)
        x += card.width + _GAP
