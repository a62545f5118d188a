"""Where each card, frame and line of a picture is, in whole pixels."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from iotgen.graph.box import Box, Point, around
from iotgen.graph.card import Card
from iotgen.graph.graph import Graph
from iotgen.graph.plan import FRAME, FRAME_TITLE, Plan, Stop, plan
from iotgen.model.drawing import Edge
from iotgen.problem import Path

# A gap between ranks is wider where its lines are steeper.
_NARROW, _WIDE, _SLOPE = 22, 96, 0.14
# Between the ends of lines at a side of a card, from them to its corners, and from a lone one to the middle.
_PORTS, _CORNER, _REACH = 13, 12, 8

Sides = tuple[int, int]


@dataclass(frozen=True)
class Line:
    """An edge from left to right: straight from point to point of a pair, curved from pair to pair.

    `label` is where the lines of its text are.
    """

    edge: Edge
    points: tuple[tuple[Point, Point], ...]
    label: Box | None
    text: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The flow of a picture: cards and frames by their ids."""

    boxes: Mapping[Path, Box]
    frames: Mapping[Path, Box]
    lines: tuple[Line, ...]
    width: int
    height: int


def layout(graph: Graph, cards: Mapping[Path, Card]) -> Layout:
    """Lay out the flow of a graph; UsageError without Graphviz."""
    planned = plan(graph, cards)
    rows = planned.rows()
    sides = _sides(planned, rows)
    boxes = {id: _box(card, sides[planned.ranks[id]], rows[id]) for id, card in cards.items()}
    frames = {
        group.id: around([boxes[node.id] for node in graph.members(group.id)], FRAME, FRAME_TITLE)
        for group in graph.groups
    }
    lines = tuple(_lines(planned, rows, sides, {**frames, **boxes}))
    return _moved(boxes, frames, lines)


def _box(card: Card, sides: Sides, row: int) -> Box:
    left, right = sides
    return Box(left + (right - left - card.width) // 2, row - card.height // 2, card.width, card.height)


def _sides(planned: Plan, rows: Mapping[Hashable, int]) -> dict[int, Sides]:
    """The left and right side of each rank that has a width."""
    widths = {rank: wide for rank, wide in planned.widths().items() if wide}
    framed = {planned.ranks[node.id] for node in planned.graph.nodes if node.group}
    climbs = _climbs(planned, rows, widths)
    sides: dict[int, Sides] = {}
    x, before = 0, None
    for rank, wide in widths.items():
        if before is not None:
            x += min(_WIDE, max(_NARROW, round(_SLOPE * climbs.get((before, rank), 0))))
            x += FRAME * ((before in framed) + (rank in framed))
        sides[rank] = (x, x + wide)
        x, before = x + wide, rank
    return sides


def _climbs(planned: Plan, rows: Mapping[Hashable, int], widths: Iterable[int]) -> dict[tuple[int, int], int]:
    """How far the steepest line climbs between two ranks."""
    shown = {*widths}
    climbs: dict[tuple[int, int], int] = {}
    for edge, stops in zip(planned.edges, planned.stops, strict=True):
        way = [id for id in (edge.tail, *stops, edge.head) if planned.ranks.get(id) in shown]
        for tail, head in pairwise(way):
            between = (planned.ranks[tail], planned.ranks[head])
            climbs[between] = max(climbs.get(between, 0), abs(rows[tail] - rows[head]))
    return climbs


def _lines(
    planned: Plan, rows: Mapping[Hashable, int], sides: Mapping[int, Sides], at: Mapping[Path, Box]
) -> Iterator[Line]:
    ports = _ports(planned, rows, at)
    for number, (edge, stops) in enumerate(zip(planned.edges, planned.stops, strict=True)):
        tail, head = at[edge.tail], at[edge.head]
        start = (tail.right, ports[number, "tail"])
        end = (head.x, ports[number, "head"])
        shown = [stop for stop in stops if stop.rank in sides]
        points = [((sides[stop.rank][0], rows[stop]), (sides[stop.rank][1], rows[stop])) for stop in shown]
        label = _label(planned, shown[0], sides, rows) if edge.text else None
        text = tuple(planned.label(shown[0])) if edge.text else ()
        yield Line(edge, ((start, start), *points, (end, end)), label, text)


def _label(planned: Plan, stop: Stop, sides: Mapping[int, Sides], rows: Mapping[Hashable, int]) -> Box:
    left, right = sides[stop.rank]
    wide, high = planned.size(stop)
    return Box(left + (right - left - wide) // 2, rows[stop] - high // 2, wide, high)


def _ports(planned: Plan, rows: Mapping[Hashable, int], at: Mapping[Path, Box]) -> dict[tuple[int, str], int]:
    """The height at which each edge leaves its tail and arrives at its head."""
    ends: dict[tuple[Path, str], list[tuple[int, int]]] = {}
    for number, (edge, stops) in enumerate(zip(planned.edges, planned.stops, strict=True)):
        first = rows[stops[0]] if stops else _level(at[edge.tail], at[edge.head])
        last = rows[stops[-1]] if stops else first
        ends.setdefault((edge.tail, "tail"), []).append((first, number))
        ends.setdefault((edge.head, "head"), []).append((last, number))
    ports: dict[tuple[int, str], int] = {}
    for (id, side), toward in ends.items():
        box = at[id]
        if id not in planned.cards:
            ports |= {(number, side): y for y, number in toward}
            continue
        toward = sorted(toward)
        places = _apart([y for y, _ in toward], box)
        ports |= {(number, side): place for (_, number), place in zip(toward, places, strict=True)}
    return ports


def _level(one: Box, other: Box) -> int:
    """A height at which a line can be level: the middle of a box, or as near to it as another reaches."""
    return min(max(one.middle, other.y), other.bottom)


def _apart(toward: list[int], box: Box) -> list[int]:
    """Heights for lines at a side of a card: as near to where each leads as the others leave room."""
    room = box.height / 2 - _CORNER
    apart = min(_PORTS, 2 * room / max(1, len(toward) - 1))
    reach = min(room, apart * (len(toward) - 1) / 2 + _REACH)
    places = [min(max(y, box.middle - reach), box.middle + reach) for y in toward]
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + apart)
    over = max(0.0, places[-1] - (box.middle + reach))
    places[-1] -= over
    for index in range(len(places) - 2, -1, -1):
        places[index] = min(places[index], places[index + 1] - apart)
    return [round(place) for place in places]


def _moved(boxes: Mapping[Path, Box], frames: Mapping[Path, Box], lines: tuple[Line, ...]) -> Layout:
    """All of it, so that the topmost and the leftmost thing are at zero."""
    every = [*boxes.values(), *frames.values(), *(line.label for line in lines if line.label)]
    if not every:
        return Layout({}, {}, (), 0, 0)
    heights = [y for line in lines for pair in line.points for _, y in pair]
    left, top = min(box.x for box in every), min([*(box.y for box in every), *heights])

    def move(point: Point) -> Point:
        return point[0] - left, point[1] - top

    return Layout(
        boxes={id: box.moved(-left, -top) for id, box in boxes.items()},
        frames={id: box.moved(-left, -top) for id, box in frames.items()},
        lines=tuple(
            replace(
                line,
                points=tuple((move(start), move(end)) for start, end in line.points),
                label=line.label and line.label.moved(-left, -top),
            )
            for line in lines
        ),
        width=max(box.right for box in every) - left,
        height=max([*(box.bottom for box in every), *heights]) - top,
    )
