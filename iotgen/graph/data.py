"""A graph as data, for programs."""

from typing import Any

from iotgen.graph.graph import Graph
from iotgen.model.drawing import Node
from iotgen.problem import Path
from iotgen.spec.document import pointer


def as_data(graph: Graph) -> dict[str, Any]:
    """Nodes, edges and groups, which refer to each other by JSON pointers into the spec."""
    return {
        "title": graph.title,
        "nodes": [_node(graph, node) for node in (*graph.nodes, *graph.shared)],
        "edges": [
            {
                "from": pointer(edge.tail),
                "to": pointer(edge.head),
                "text": edge.text,
                "relation": edge.relation.value,
                "data": edge.flow.value,
            }
            for edge in (*graph.edges, *graph.uses)
        ],
        "groups": [
            {
                "id": pointer(group.id),
                "title": group.title,
                "note": group.note,
                "alarms": graph.alarms[group.id],
            }
            for group in graph.groups
        ],
    }


def _node(graph: Graph, node: Node) -> dict[str, Any]:
    return {
        "id": pointer(node.id),
        "kind": node.noun,
        "title": node.title,
        "note": node.note,
        "group": _pointer(node.group),
        "alarms": graph.alarms[node.id],
        "dead_letters": node.dead_letters is not None,
    }


def _pointer(path: Path | None) -> str | None:
    return pointer(path) if path is not None else None
