"""What holds of the layout of every pipeline."""

from itertools import combinations
from xml.etree import ElementTree

from iotgen.graph.box import Box
from iotgen.graph.card import cards
from iotgen.graph.graph import Graph, graph_of
from iotgen.graph.layout import Layout, layout
from iotgen.graph.picture import as_mermaid, as_svg
from iotgen.graph.shelf import shelf_of
from iotgen.kinds import KINDS
from iotgen.model.pipeline import Pipeline


def held(pipeline: Pipeline) -> None:
    """Assert that each resource is there once, that nothing overlaps, and that the texts are well-formed."""
    graph = graph_of(pipeline)
    own = cards(graph)
    placed = layout(graph, own)
    _each_once(graph, pipeline)
    _apart(graph, placed)
    _lines_cross_no_card(placed)
    shelf = [box for _, box in shelf_of(graph, placed.width).cards]
    assert not any(one.overlaps(other) for one, other in combinations(shelf, 2))
    drawn = as_svg(pipeline)
    ElementTree.fromstring(drawn)  # noqa: S314 - it is our own
    assert drawn == as_svg(pipeline)
    as_mermaid(pipeline).encode()


def _each_once(graph: Graph, pipeline: Pipeline) -> None:
    ids = [node.id for node in (*graph.nodes, *graph.shared)] + [group.id for group in graph.groups]
    assert len(ids) == len(set(ids))
    paths = {one.path for kind in KINDS if kind.referred for one in kind.of(pipeline)}
    assert paths <= set(ids)
    known = {*ids}
    assert all({edge.tail, edge.head} <= known for edge in (*graph.edges, *graph.uses))


def _apart(graph: Graph, placed: Layout) -> None:
    assert placed.boxes.keys() == {node.id for node in graph.nodes}
    for one, other in combinations(placed.boxes.items(), 2):
        assert not one[1].overlaps(other[1]), (one, other)
    labels = [line.label for line in placed.lines if line.label]
    for label in labels:
        assert not any(label.overlaps(box) for box in placed.boxes.values())
    assert not any(one.overlaps(other) for one, other in combinations(labels, 2))
    groups = {node.id: node.group for node in graph.nodes}
    for id, frame in placed.frames.items():
        for node, box in placed.boxes.items():
            assert frame.overlaps(box) == (groups[node] == id)
    whole = Box(0, 0, placed.width, placed.height)
    for box in (*placed.boxes.values(), *placed.frames.values(), *labels):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= whole.right
        assert box.bottom <= whole.bottom


def _lines_cross_no_card(placed: Layout) -> None:
    """Between its ends a line is level where it crosses a column, and there no card is in its way."""
    for line in placed.lines:
        for (left, y), (right, _) in line.points[1:-1]:
            lane = Box(left, y, right - left, 1)
            assert not any(lane.overlaps(box) for box in placed.boxes.values())
