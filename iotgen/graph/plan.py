"""What is to be placed: cards in ranks of their own, and between them the stops of each line.

Cards have even ranks, their columns; the odd ones between them are for labels. A line stops at each rank that
it crosses: it has a lane of its own among the cards there, so it crosses none of them.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from iotgen.graph.card import LABEL, Card
from iotgen.graph.columns import columns_of, ends, forward
from iotgen.graph.graph import Graph
from iotgen.graph.graphviz import Dot
from iotgen.graph.measure import lines, width
from iotgen.model.drawing import Edge
from iotgen.problem import Path

_LABEL_LINE, _LABEL_PADDING = 14, 10
# Words of a label are broken into lines of about this width.
_LABEL_WIDTH = 78
_LANE = 8
FRAME, FRAME_TITLE = 12, 44
# Between cards, labels and lanes of one rank.
_GAP = 20
# A lane is straight before anything else is.
_LANE_WEIGHT, _END_WEIGHT = 8, 2


@dataclass(frozen=True)
class Stop:
    """Where the line of edge number `edge` crosses a rank: a lane, or its label."""

    edge: int
    rank: int


@dataclass(frozen=True)
class Plan:
    """What is to be placed, and the rank of each card and stop."""

    graph: Graph
    cards: Mapping[Path, Card]
    edges: tuple[Edge, ...]
    stops: tuple[tuple[Stop, ...], ...]
    ranks: Mapping[Hashable, int]

    def label(self, stop: Stop) -> list[str]:
        """The lines of the text at a stop: an edge has its text at its first."""
        edge = self.edges[stop.edge]
        if not edge.text or stop != self.stops[stop.edge][0]:
            return []
        return lines(edge.text, _LABEL_WIDTH, LABEL)

    def size(self, stop: Stop) -> tuple[int, int]:
        """The width and height that a stop takes."""
        texts = self.label(stop)
        if not texts:
            return 0, _LANE
        wide = max(width(text, LABEL) for text in texts)
        return ceil(wide) + _LABEL_PADDING, _LABEL_LINE * len(texts) + 4

    def widths(self) -> dict[int, int]:
        """The width of each rank; one of labels has none where no line has a label."""
        widths: dict[int, int] = {}
        for id, rank in sorted(self.ranks.items(), key=lambda item: item[1]):
            own = self.size(id)[0] if isinstance(id, Stop) else self.cards[id].width  # type: ignore[index]
            widths[rank] = max(widths.get(rank, 0), own)
        return widths

    def rows(self) -> dict[Hashable, int]:
        """The height of the middle of each card and stop, by Graphviz."""
        dot = Dot(gap=_GAP)
        for id, card in self.cards.items():
            dot.node(id, card.height)
        for stop in (stop for row in self.stops for stop in row):
            dot.node(stop, self.size(stop)[1])
        for rank in sorted({*self.ranks.values()}):
            dot.row(id for id, own in self.ranks.items() if own == rank)
        for group in self.graph.groups:
            members = [node.id for node in self.graph.members(group.id)]
            dot.frame(members, margin=FRAME, above=FRAME_TITLE - FRAME)
        for tail, head in self._steps():
            lane = isinstance(tail, Stop) and isinstance(head, Stop)
            dot.edge(tail, head, weight=_LANE_WEIGHT if lane else _END_WEIGHT)
        return {id: y for id, (_, y) in dot.places().items()}

    def _steps(self) -> Iterator[tuple[Hashable, Hashable]]:
        """Each line from stop to stop."""
        for edge, stops in zip(self.edges, self.stops, strict=True):
            for tail, head in ends(self.graph, edge):
                yield from pairwise((tail, *stops, head))


def plan(graph: Graph, cards: Mapping[Path, Card]) -> Plan:
    """Give all that is to be placed its rank; UsageError without Graphviz."""
    columns = columns_of(graph)
    edges = tuple(forward(edge, columns) for edge in graph.edges)
    ranks: dict[Hashable, int] = {id: 2 * column for id, column in columns.items()}
    stops = tuple(tuple(_stops(number, edge, ranks)) for number, edge in enumerate(edges))
    ranks |= {stop: stop.rank for row in stops for stop in row}
    return Plan(graph, cards, edges, stops, ranks)


def _stops(number: int, edge: Edge, ranks: Mapping[Hashable, int]) -> Iterator[Stop]:
    """The stops of an edge between cards; one to a group leads straight to its frame."""
    if edge.tail in ranks and edge.head in ranks:
        yield from (Stop(number, rank) for rank in range(ranks[edge.tail] + 1, ranks[edge.head]))
