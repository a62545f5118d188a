"""A pipeline's picture in each of its forms."""

import json
from collections.abc import Mapping

from iotgen.graph.card import cards
from iotgen.graph.data import as_data
from iotgen.graph.graph import Graph, graph_of
from iotgen.graph.layout import layout
from iotgen.graph.mermaid import mermaid
from iotgen.graph.page import About, page
from iotgen.graph.shelf import shelf_of
from iotgen.graph.svg import svg
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path


def as_svg(pipeline: Pipeline) -> str:
    """The picture as SVG; UsageError where Graphviz is not installed."""
    return _svg(graph_of(pipeline))


def as_page(pipeline: Pipeline, about: Mapping[Path, About]) -> str:
    """The picture as a page that tells more of some nodes; UsageError where Graphviz is not installed."""
    graph = graph_of(pipeline)
    return page(graph, _svg(graph), about)


def as_mermaid(pipeline: Pipeline) -> str:
    """The picture as Mermaid's text."""
    return mermaid(graph_of(pipeline))


def as_json(pipeline: Pipeline) -> str:
    """What is drawn, as JSON."""
    return json.dumps(as_data(graph_of(pipeline)), indent=2, ensure_ascii=False) + "\n"


def _svg(graph: Graph) -> str:
    own = cards(graph)
    placed = layout(graph, own)
    return svg(graph, own, placed, shelf_of(graph, placed.width))
