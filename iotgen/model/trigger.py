"""What can call a function, beside an endpoint."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.expression import Label
from iotgen.model.policy import Statement
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Trigger(ABC):
    """The resource `key` of `section`, labelled `source`, calls a function; `label` is the trigger's own."""

    section: str
    key: str
    source: Label
    label: Label
    path: Path

    @property
    @abstractmethod
    def events(self) -> str:
        """What calls the function, in words."""

    @property
    @abstractmethod
    def concurrency(self) -> int | None:
        """How many executions it takes at a time by itself; None where it takes what there is."""

    def names(self, grant: Grant) -> bool:
        """Whether its events name what `grant` is for, so that a handler needs no variable to find it."""
        return False

    @abstractmethod
    def set_off_by(self, grant: Grant) -> str | None:
        """What a function with `grant` may write to that sets this off, None if nothing."""


T = TypeVar("T", bound=Trigger)


@dataclass(frozen=True)
class Call(Generic[T]):
    """A function and a trigger that calls it."""

    function: Resource
    trigger: T


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """What a function's settings leave to its triggers: its reservation, and how many of a kind share it."""

    concurrency: int | None
    sharers: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TriggerKind(Generic[T]):
    """A kind of trigger: `word` is its setting that names a resource of `section`.

    `resolve` takes the context, the function's label, the settings and their path, and what is reserved.
    `statements` are what the function's role needs. `render` gives what is made of all calls together.
    """

    word: str
    section: str
    type: type[T]
    resolve: Callable[[Context, Label, Mapping[str, Any], Path, Reserved], T]
    statements: Callable[[Context, T], Iterable[Statement]]
    render: Callable[[tuple[Call[T], ...]], Iterable[Rendering]]
