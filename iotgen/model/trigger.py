"""Triggers, which invoke a function, like endpoints."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.cost import Arriving, Delivery
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Relation
from iotgen.model.expression import Expression, Label
from iotgen.model.live import Live
from iotgen.model.policy import Statement
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Trigger(ABC):
    """A trigger by the resource `key` of `section`, labelled `source`; `label` is the trigger's own.

    `source_arn` is the resource's ARN, whether it exists already or not.

    `former` and `former_sources` are the labels that it and its source had before, oldest first.
    """

    section: str
    key: str
    source: Label
    source_arn: str | Expression
    label: Label
    path: Path
    former: tuple[Label, ...]
    former_sources: tuple[Label, ...]

    @property
    def moved(self) -> dict[Label, tuple[Label, ...]]:
        """The labels before, by the label, as a rendering of it has them."""
        return {self.label: self.former}

    @property
    @abstractmethod
    def events(self) -> str:
        """The events that invoke the function, in words."""

    @property
    @abstractmethod
    def amount(self) -> str:
        """Which of them an invocation takes, in a few words."""

    @property
    @abstractmethod
    def concurrency(self) -> int | None:
        """The concurrent executions that it may take; None if unlimited."""

    def edge(self, function: Path) -> Edge:
        """The trigger of `function` as an edge of a drawing."""
        source = (self.section, self.key)
        return Edge(tail=source, head=function, text=self.amount, accent=source, relation=Relation.CALL)

    def derived(self) -> Iterable[Derived]:
        """Its settings that follow from others where the spec leaves them open."""
        return ()

    def names(self, grant: Grant) -> bool:
        """Whether its events name the resource of `grant`, so that a handler needs no variable to find it."""
        return False

    @abstractmethod
    def set_off_by(self, grant: Grant) -> str | None:
        """The queue or prefix by which a function with `grant` may set this off, None if there is none."""


T = TypeVar("T", bound=Trigger)

# What a handler is called with.
Event = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What a sample event is made of: where, its content, when (milliseconds since the epoch), and a UUID."""

    live: Live
    content: str
    now: int
    id: str


@dataclass(frozen=True)
class Call(Generic[T]):
    """A function and a trigger that invokes it."""

    function: Resource
    trigger: T


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """The reservation for a function's triggers, and how many of a kind share it."""

    concurrency: int | None
    sharers: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TriggerKind(Generic[T]):
    """A kind of trigger: `word` is its setting that names a resource of `section`.

    `resolve` takes the context, the function's label, the settings and their path, and the reservation.
    `statements` are the permissions that the function's role needs. `render` is for all calls together.
    `access` is what the function needs to work with its events, as settings; `sample` is an event that it
    could get from the trigger's resource.
    `fed_by` is the verb of `access` that makes its events; `delivery` is how these reach the function, and
    what that uses.
    """

    word: str
    section: str
    type: type[T]
    resolve: Callable[[Context, Label, Mapping[str, Any], Path, Reserved], T]
    statements: Callable[[Context, T], Iterable[Statement]]
    render: Callable[[tuple[Call[T], ...]], Iterable[Rendering]]
    access: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    sample: Callable[[T, Any, Occasion], Event]
    fed_by: str
    delivery: Callable[[T, Arriving], Delivery]
