"""The column of each node, by Graphviz: from callers on the left to subscribers on the right."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from iotgen.graph.graph import Graph
from iotgen.graph.graphviz import Dot
from iotgen.model.drawing import Edge, Flow, Relation
from iotgen.problem import Path

_TURNED = {Flow.WITH: Flow.AGAINST, Flow.AGAINST: Flow.WITH, Flow.BOTH: Flow.BOTH}


def columns_of(graph: Graph) -> dict[Path, int]:
    """Each node's column, from 0; those of a group share one."""
    dot = Dot()
    for node in graph.nodes:
        dot.node(node.id)
    for group in graph.groups:
        dot.row(node.id for node in graph.members(group.id))
    calls = {(edge.tail, edge.head) for edge in graph.edges if edge.relation is Relation.CALL}
    for edge in graph.edges:
        # What a function may do with what calls it does not put that behind the function.
        back = edge.relation is not Relation.CALL and (edge.head, edge.tail) in calls
        for tail, head in ends(graph, edge):
            dot.edge(*((head, tail) if back else (tail, head)))
    across = {id: across for id, (across, _) in dot.places().items()}
    ranks = {place: rank for rank, place in enumerate(sorted(set(across.values())))}
    return {id: ranks[place] for id, place in across.items()}


def ends(graph: Graph, edge: Edge) -> Iterable[tuple[Path, Path]]:
    """The nodes that an edge is between: all those of a group for one that leads to it."""
    tails, heads = (_members(graph, id) for id in (edge.tail, edge.head))
    return [(tail, head) for tail in tails for head in heads]


def _members(graph: Graph, id: Path) -> tuple[Path, ...]:
    return tuple(node.id for node in graph.members(id)) or (id,)


def forward(edge: Edge, columns: Mapping[Path, int]) -> Edge:
    """The edge, the other way round where it would lead back to the left."""
    if columns.get(edge.tail, -1) <= columns.get(edge.head, len(columns)):
        return edge
    return replace(edge, tail=edge.head, head=edge.tail, flow=_TURNED[edge.flow])
