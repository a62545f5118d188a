"""What a kind contributes to the drawing of a pipeline: nodes, the edges between them, and groups.

An id is a path: that of the resource in the spec, or one below it for what the resource stands in touch with.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Style:
    """How nodes of a kind look.

    `name` is its class, `hue` a colour in degrees (None for grey), `icon` the strokes of an SVG path in a
    square of 24, and `shape` Mermaid's brackets around a text.
    """

    name: str
    hue: int | None
    icon: str
    shape: tuple[str, str]


class Flow(StrEnum):
    """Which way data move along an edge: with it, against it, or both ways."""

    WITH = "with"
    AGAINST = "against"
    BOTH = "both"


class Relation(StrEnum):
    """What an edge stands for."""

    CALL = "call"
    ACCESS = "access"
    USE = "use"
    NOTICE = "notice"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A resource, or someone outside who calls the pipeline or hears of it.

    `noun` and `title` name it, `note` says what it runs on. `dead_letters` names its dead-letter queue's
    badge; None if it has none. A `shared` node is a setting or a library, which is drawn apart from the flow.
    """

    id: Path
    noun: str
    title: str
    note: str
    style: Style
    group: Path | None = None
    dead_letters: str | None = None
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A relation, drawn from left to right, and its words; `accent` is the end whose colour it has."""

    tail: Path
    head: Path
    text: str
    accent: Path
    relation: Relation
    flow: Flow = Flow.WITH


@dataclass(frozen=True, kw_only=True)
class Group:
    """A frame around nodes, with a title and a note; `noun` and `title` name it."""

    id: Path
    noun: str
    title: str
    note: str


Part = Node | Edge | Group


def no_drawing(_resources: tuple[Resource, ...], _pipeline: Pipeline) -> Iterable[Part]:
    """The drawing of a kind that no picture shows."""
    return ()
