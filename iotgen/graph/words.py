"""The texts of a picture, as XML takes them, and its content in sentences for those who do not see it."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from iotgen.graph.graph import Graph
from iotgen.model.drawing import Edge, Flow, Node
from iotgen.problem import Path
from iotgen.visible import visible

# Code points that XML has not at all; `visible` shows the others that it excludes.
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


def xml(text: str) -> str:
    """A text as the content or an attribute of an element."""
    return escape(_NO_CHARACTERS.sub("\ufffd", visible(text)), {'"': "&quot;"})


def users(graph: Graph, node: Node) -> str:
    """Who uses a shared node, by verb: `get: data-query, data-processor`."""
    verbs: dict[str, list[str]] = {}
    titles = {one.id: one.title for one in graph.nodes}
    for edge in graph.uses:
        if edge.head == node.id:
            verbs.setdefault(edge.text, []).append(titles[edge.tail])
    return "; ".join(f"{verb} by {', '.join(names)}" for verb, names in verbs.items())


def sentences(graph: Graph) -> Iterator[str]:
    """What is connected to what."""
    titles: dict[Path, str] = {group.id: group.title for group in graph.groups}
    titles |= {node.id: node.title for node in graph.nodes}
    for edge in graph.edges:
        yield f"{titles[edge.tail]} {_arrow(edge)} {titles[edge.head]}."
    for node in graph.shared:
        if used := users(graph, node):
            yield f"{node.title}: {used}."


def _arrow(edge: Edge) -> str:
    arrow = {Flow.WITH: "to", Flow.AGAINST: "from", Flow.BOTH: "to and from"}[edge.flow]
    return f"({edge.text}) {arrow}" if edge.text else arrow
