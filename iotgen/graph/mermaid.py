"""A picture as Mermaid's text, which GitHub and many editors draw: https://mermaid.js.org/syntax/flowchart.html."""

from collections.abc import Iterator, Mapping

from iotgen.graph.colours import shades
from iotgen.graph.graph import Graph
from iotgen.graph.words import users
from iotgen.model.drawing import Edge, Flow, Node, Style
from iotgen.problem import Path
from iotgen.visible import visible

# All else is written as a number: quotes, and what Mermaid reads as markup, icons, formulas or directives.
_PLAIN = frozenset(" -_.,/()@·…")
_ARROWS = {Flow.WITH: "-->", Flow.AGAINST: "-.->", Flow.BOTH: "<-->"}


def mermaid(graph: Graph) -> str:
    """A flowchart; a dotted arrow is a permission that only reads."""
    names = {node.id: f"n{index}" for index, node in enumerate((*graph.nodes, *graph.shared))}
    groups = {group.id: f"g{index}" for index, group in enumerate(graph.groups)}
    styles = {node.style.name: node.style for node in (*graph.nodes, *graph.shared)}
    lines = [
        "---",
        f"title: {_quoted(graph.title)}",
        "---",
        "flowchart LR",
        *_grouped(graph, names, groups),
        *(f"  {_node(graph, node, names)}" for node in graph.nodes if not node.group),
        *_shared(graph, names),
        *(f"  {_edge(edge, {**names, **groups})}" for edge in graph.edges),
        *(_style(style) for _, style in sorted(styles.items())),
    ]
    return "\n".join(lines) + "\n"


def _grouped(graph: Graph, names: Mapping[Path, str], groups: Mapping[Path, str]) -> Iterator[str]:
    for group in graph.groups:
        yield f"  subgraph {groups[group.id]}[{_quoted(f'{group.title} · {group.note}')}]"
        yield from (f"    {_node(graph, node, names)}" for node in graph.members(group.id))
        yield "  end"


def _shared(graph: Graph, names: Mapping[Path, str]) -> Iterator[str]:
    if graph.shared:
        yield '  subgraph shared["Settings and libraries"]'
        yield from (f"    {_node(graph, node, names)}" for node in graph.shared)
        yield "  end"


def _node(graph: Graph, node: Node, names: Mapping[Path, str]) -> str:
    opens, closes = node.style.shape
    texts = [node.title, node.note, users(graph, node) if node.shared else ""]
    if count := graph.alarms[node.id]:
        texts.append(f"{count} alarm{'' if count == 1 else 's'}")
    texts.append(node.dead_letters or "")
    text = "<br>".join(escaped(text) for text in texts if text)
    return f'{names[node.id]}{opens}"{text}"{closes}:::{_class(node.style)}'


def _edge(edge: Edge, names: Mapping[Path, str]) -> str:
    text = f"|{_quoted(edge.text)}|" if edge.text else ""
    return f"{names[edge.tail]} {_ARROWS[edge.flow]}{text} {names[edge.head]}"


def _quoted(text: str) -> str:
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """A text within quotes, with the number of each character that could mean something else."""
    return "".join(one if one in _PLAIN or one.isalnum() else f"#{ord(one)};" for one in visible(text))


def _class(style: Style) -> str:
    return f"style{style.name.capitalize()}"


def _style(style: Style) -> str:
    strong, soft = shades(style)
    return f"  classDef {_class(style)} fill:{soft},stroke:{strong},color:#1f2328"
