"""A picture as SVG: self-contained, in light and dark, with its texts as text."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from iotgen.graph.box import Box, Point
from iotgen.graph.card import BADGE_ICON, LEFT, NOTE, TITLE, Badge, Card
from iotgen.graph.colours import css
from iotgen.graph.graph import Graph
from iotgen.graph.layout import Layout, Line
from iotgen.graph.measure import clipped, width
from iotgen.graph.shelf import Shelf
from iotgen.graph.words import sentences, xml
from iotgen.model.drawing import Flow, Group, Style
from iotgen.problem import Path

_MARGIN, _HEAD = 28, 76
_NARROWEST = 560
_TIP = 8
_TILE, _ICON = 28, 18
_BADGES = {
    "alarm": "M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0",
    "dead": "M3 13h5l2 3h4l2-3h5M3 13 6 5h12l3 8v6H3zM10 8l4 4M14 8l-4 4",
}


def svg(graph: Graph, cards: Mapping[Path, Card], placed: Layout, shelf: Shelf) -> str:
    """The text of the picture; the same for the same pipeline."""
    wide = max(_NARROWEST, placed.width, shelf.width) + 2 * _MARGIN
    below = _HEAD + placed.height + (_MARGIN if placed.height else 0)
    high = below + shelf.height + (_MARGIN if shelf.height else 0)
    styles = [node.style for node in (*graph.nodes, *graph.shared)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
        ' role="img" aria-labelledby="title description">',
        f'<title id="title">{xml(graph.title)}</title>',
        f'<desc id="description">{xml(" ".join((f"{graph.summary}.", *sentences(graph))))}</desc>',
        f"<style>\n{css(styles)}</style>",
        f'<rect class="ground" x="0.5" y="0.5" width="{wide - 1}" height="{high - 1}" rx="12"/>',
        f'<text class="title" x="{_MARGIN}" y="38">{xml(graph.title)}</text>',
        f'<text class="note" x="{_MARGIN}" y="58">{xml(graph.summary)}</text>',
        f'<g transform="translate({(wide - placed.width) // 2} {_HEAD})">',
        *_flow(graph, cards, placed),
        "</g>",
        f'<g transform="translate({_MARGIN} {below})">',
        *_shelf(shelf, wide - 2 * _MARGIN, graph.numbers),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _flow(graph: Graph, cards: Mapping[Path, Card], placed: Layout) -> Iterator[str]:
    styles = {id: card.node.style for id, card in cards.items()}
    numbers = graph.numbers
    for group in graph.groups:
        yield f'<g class="group" data-node="{numbers[group.id]}">'
        yield from _frame(group, placed.frames[group.id], graph.alarms[group.id])
        yield "</g>"
    for line in placed.lines:
        yield from _line(line, styles[line.edge.accent], numbers)
    for line in placed.lines:
        if line.label:
            yield from _label(line, line.label, numbers)
    for id, card in cards.items():
        yield from _card(card, placed.boxes[id], numbers[id])


def _frame(group: Group, box: Box, alarms: int) -> Iterator[str]:
    yield f'<rect class="frame" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="14"/>'
    room = box.width - 28
    badge = Badge("alarm", str(alarms), box.width - 14 - BADGE_ICON - round(width(str(alarms), NOTE)))
    title = clipped(group.title, badge.x - 20 if alarms else room, TITLE, bold=True)
    yield f'<text class="name" x="{box.x + 14}" y="{box.y + 20}">{xml(title)}</text>'
    note = clipped(group.note, room, NOTE)
    yield f'<text class="note" x="{box.x + 14}" y="{box.y + 36}">{xml(note)}</text>'
    if alarms:
        yield from _badge(badge, box.x + badge.x, box.y + 9)


def _ends(line: Line, numbers: Mapping[Path, int]) -> str:
    return f'data-tail="{numbers[line.edge.tail]}" data-head="{numbers[line.edge.head]}"'


def _line(line: Line, style: Style, numbers: Mapping[Path, int]) -> Iterator[str]:
    """The curve, with a tip at each end that data move to."""
    start, end = line.points[0][0], line.points[-1][1]
    at_end, at_start = line.edge.flow is not Flow.AGAINST, line.edge.flow is not Flow.WITH
    yield f'<g class="edge" {_ends(line, numbers)}>'
    yield f'<path class="line {style.name}" d="{_curve(line, _TIP * at_start, _TIP * at_end)}"/>'
    if at_end:
        yield _tip(style, end, -_TIP)
    if at_start:
        yield _tip(style, start, _TIP)
    yield "</g>"


def _curve(line: Line, before: int, after: int) -> str:
    """The path, so much shorter at each end; it leaves and arrives level everywhere."""
    first, *_, last = line.points if len(line.points) > 1 else (line.points[0], line.points[0])
    points = list(line.points)
    points[0] = ((first[0][0] + before, first[0][1]), (first[1][0] + before, first[1][1]))
    points[-1] = ((last[0][0] - after, last[0][1]), (last[1][0] - after, last[1][1]))
    path = f"M{points[0][0][0]} {points[0][0][1]}"
    for (_, (x, y)), ((to_x, to_y), (straight, _)) in pairwise(points):
        middle = (x + to_x) // 2
        path += f"H{to_x}" if y == to_y else f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"
        path += f"H{straight}" if straight != to_x else ""
    return path


def _tip(style: Style, at: Point, back: int) -> str:
    x, y = at
    return f'<path class="tip {style.name}" d="M{x} {y}l{back} -4v8z"/>'


def _label(line: Line, box: Box, numbers: Mapping[Path, int]) -> Iterator[str]:
    yield f'<g class="edge" {_ends(line, numbers)}>'
    yield f'<rect class="behind" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"/>'
    for number, text in enumerate(line.text):
        at = f'x="{box.x + box.width / 2:g}" y="{box.y + 12.5 + 14 * number:g}"'
        yield f'<text class="label" {at} text-anchor="middle">{xml(text)}</text>'
    yield "</g>"


def _card(card: Card, box: Box, number: int) -> Iterator[str]:
    node = card.node
    yield f'<g class="node {node.style.name}" data-node="{number}" transform="translate({box.x} {box.y})">'
    about = f"{node.noun} {node.title}" + (f": {node.note}" if node.note else "")
    yield f"<title>{xml(about)}</title>"
    yield f'<rect class="card" width="{box.width}" height="{box.height}" rx="10"/>'
    yield from _icon(node.style)
    y = 23 if card.note else 31
    yield f'<text class="name" x="{LEFT}" y="{y}">{xml(card.title)}</text>'
    if card.note:
        yield f'<text class="note" x="{LEFT}" y="40">{xml(card.note)}</text>'
    for badge in card.badges:
        yield from _badge(badge, LEFT + badge.x, 50)
    yield "</g>"


def _badge(badge: Badge, x: int, y: int) -> Iterator[str]:
    place = f"translate({x} {y}) scale(0.54)"
    yield f'<path class="badge-icon {badge.name}-badge" transform="{place}" d="{_BADGES[badge.name]}"/>'
    yield f'<text class="badge" x="{x + BADGE_ICON}" y="{y + 11}">{xml(badge.text)}</text>'


def _icon(style: Style) -> Iterator[str]:
    yield f'<rect class="tile" x="9" y="12" width="{_TILE}" height="{_TILE}" rx="8"/>'
    yield f'<path class="icon" transform="translate(14 17) scale({_ICON / 24:g})" d="{style.icon}"/>'


def _shelf(shelf: Shelf, wide: int, numbers: Mapping[Path, int]) -> Iterator[str]:
    if not shelf.cards:
        return
    yield f'<path class="rule" d="M0 0H{wide}"/>'
    yield '<text class="heading" y="26">Settings and libraries</text>'
    for card, box in shelf.cards:
        yield from _card(card, box, numbers[card.node.id])
