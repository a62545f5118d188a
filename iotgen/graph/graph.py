"""A pipeline to the nodes, edges and frames of its picture."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iotgen.kinds import KINDS
from iotgen.model.alarm import Alarm
from iotgen.model.drawing import Edge, Flow, Group, Node, Part
from iotgen.model.pipeline import Pipeline
from iotgen.model.plural import plural
from iotgen.problem import Path


@dataclass(frozen=True)
class Graph:
    """What is drawn; `edges` are between nodes of the flow, `uses` lead to shared ones.

    `alarms` counts the alarms on each node and group.
    """

    title: str
    summary: str
    nodes: tuple[Node, ...]
    shared: tuple[Node, ...]
    groups: tuple[Group, ...]
    edges: tuple[Edge, ...]
    uses: tuple[Edge, ...]
    alarms: Counter[Path]

    @property
    def numbers(self) -> dict[Path, int]:
        """A number for each group and node, by its id."""
        nodes = (*self.nodes, *self.shared)
        ids = [*(group.id for group in self.groups), *(node.id for node in nodes)]
        return {id: number for number, id in enumerate(ids)}

    def members(self, group: Path) -> tuple[Node, ...]:
        """The nodes in a group."""
        return tuple(node for node in self.nodes if node.group == group)


def graph_of(pipeline: Pipeline) -> Graph:
    """The picture of a pipeline."""
    parts = [part for kind in reversed(KINDS) for part in kind.drawing(kind.of(pipeline), pipeline)]
    nodes = {part.id: part for part in parts if isinstance(part, Node)}
    shared = tuple(node for node in nodes.values() if node.shared)
    aside = {node.id for node in shared}
    edges = tuple(_merged(part for part in parts if isinstance(part, Edge)))
    return Graph(
        title=f"{pipeline.name} · {pipeline.suffix}",
        summary=_summary(parts, pipeline),
        nodes=tuple(node for node in nodes.values() if not node.shared),
        shared=shared,
        groups=tuple(part for part in parts if isinstance(part, Group)),
        edges=tuple(edge for edge in edges if edge.head not in aside),
        uses=tuple(edge for edge in edges if edge.head in aside),
        alarms=Counter(alarm.watches for alarm in pipeline.all(Alarm)),
    )


def _merged(edges: Iterable[Edge]) -> Iterator[Edge]:
    """One edge for all from one node to another, with the words of each."""
    pairs: dict[tuple[Path, Path], list[Edge]] = {}
    for edge in edges:
        pairs.setdefault((edge.tail, edge.head), []).append(edge)
    for same in pairs.values():
        text = ", ".join(dict.fromkeys(edge.text for edge in same if edge.text))
        flows = {edge.flow for edge in same}
        flow = flows.pop() if len(flows) == 1 else Flow.BOTH
        yield replace(same[0], text=text, flow=flow)


def _summary(parts: Iterable[Part], pipeline: Pipeline) -> str:
    """How many resources of which kinds there are, and where."""
    own = {kind.noun for kind in KINDS if kind.referred or kind.section == "endpoints"}
    counted = Counter(
        part.noun for part in parts if isinstance(part, Node) and not part.shared and part.noun in own
    )
    texts = [plural(number, noun) for noun, number in counted.items()]
    return " · ".join([*texts, pipeline.region])
