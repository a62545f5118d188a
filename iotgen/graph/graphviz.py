"""Graphviz, the only user of it: ranks and rows of nodes, by `dot`.

Graphviz gets sizes and numbers only, never a text of the spec. It comes in pygraphviz's wheel, and runs in
this process.
"""

from collections.abc import Hashable, Iterable
from typing import Any

from iotgen.errors import UsageError

_INCH = 72
_HINT = "Run `pip install 'iotgen[graph]'`, or use `--format mermaid`, which needs no layout."


def _new(**attributes: Any) -> Any:
    try:
        from pygraphviz import AGraph
    except ImportError as error:
        raise UsageError("the layout needs Graphviz, which is not installed", _HINT) from error
    return AGraph(strict=False, directed=True, **attributes)


class Dot:
    """A graph that `dot` places from left to right; `gap` is the space between nodes of a rank, in pixels."""

    def __init__(self, gap: int = 18) -> None:
        self._graph = _new(rankdir="LR", newrank=True, splines=False, nodesep=gap / _INCH, ranksep=0.5)
        self._names: dict[Hashable, str] = {}
        self._parts = 0

    def node(self, id: Hashable, height: int = 36) -> None:
        """Add a node of a height in pixels."""
        self._names[id] = f"n{len(self._names)}"
        size = {"width": 1, "height": height / _INCH}
        self._graph.add_node(self._names[id], shape="box", fixedsize=True, label="", **size)

    def edge(self, tail: Hashable, head: Hashable, weight: int = 1) -> None:
        """Add an edge; a heavy one is short and straight."""
        self._graph.add_edge(self._names[tail], self._names[head], weight=weight, dir="none")

    def row(self, ids: Iterable[Hashable]) -> None:
        """Place nodes on one rank."""
        self._subgraph(ids, "rank", rank="same")

    def frame(self, ids: Iterable[Hashable], margin: int, above: int) -> None:
        """Keep other nodes away from these, so many pixels, and more above."""
        space = f'border="0" cellspacing="0" cellpadding="0" width="{_INCH}" height="{above}"'
        title = f"<<table {space}><tr><td></td></tr></table>>"
        self._subgraph(ids, "cluster", margin=margin, label=title)

    def _subgraph(self, ids: Iterable[Hashable], name: str, **attributes: Any) -> None:
        self._parts += 1
        names = [self._names[id] for id in ids]
        self._graph.add_subgraph(names, name=f"{name}{self._parts}", **attributes)

    def places(self) -> dict[Any, tuple[int, int]]:
        """The middle of each node in pixels, from the top left corner."""
        if not self._names:
            return {}
        self._graph.layout(prog="dot")
        places = {id: self._graph.get_node(name).attr["pos"] for id, name in self._names.items()}
        return {id: _point(place) for id, place in places.items()}


def _point(text: str) -> tuple[int, int]:
    """A point of Graphviz's, whose y axis points up."""
    x, y = text.split(",")
    return round(float(x)), -round(float(y))
