"""A pipeline's picture in each of its forms."""

import json
from collections.abc import Callable, Mapping

from iotgen.graph.card import cards
from iotgen.graph.data import as_data
from iotgen.graph.graph import Graph, graph_of
from iotgen.graph.layout import layout
from iotgen.graph.mermaid import mermaid
from iotgen.graph.shelf import shelf_of
from iotgen.graph.svg import svg
from iotgen.model.pipeline import Pipeline


def picture(pipeline: Pipeline, form: str) -> str:
    """The picture in one of FORMS; UsageError for one with a layout where Graphviz is not installed."""
    return FORMS[form](graph_of(pipeline))


def _svg(graph: Graph) -> str:
    own = cards(graph)
    placed = layout(graph, own)
    return svg(graph, own, placed, shelf_of(graph, placed.width))


def _json(graph: Graph) -> str:
    return json.dumps(as_data(graph), indent=2, ensure_ascii=False) + "\n"


FORMS: Mapping[str, Callable[[Graph], str]] = {"svg": _svg, "mermaid": mermaid, "json": _json}
