"""Triggers, which invoke a function, like endpoints."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from iotgen.model.access import Grant
from iotgen.model.context import Context, label
from iotgen.model.cost import Arriving, Delivery
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, Label
from iotgen.model.kind import Name
from iotgen.model.live import Live
from iotgen.model.pipeline import Named
from iotgen.model.policy import Statement
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path


@dataclass(frozen=True)
class Sender:
    """A service that puts the events of a trigger that it cannot deliver into the function's dead letters.

    `sid` is that of its statement in the queue's policy, `arn` the ARN in whose name it sends.
    """

    sid: str
    principal: str
    arn: str | Expression


@dataclass(frozen=True, kw_only=True)
class Trigger(ABC):
    """What invokes a function. `label` is its own; `former` are those that it had before, oldest first.

    `given` is the name that the spec gives it on AWS, with its placeholders; empty if it gives none.
    """

    label: Label
    path: Path
    former: tuple[Label, ...] = ()
    given: str = ""

    # Whether Lambda queues its events and tries them again by itself; else the source does.
    asynchronous: ClassVar[bool] = True
    # Whether AWS takes a resource as a trigger of the same function only once.
    once: ClassVar[bool] = False
    # The service that puts what it cannot deliver into the function's dead letters in its own name.
    service: ClassVar[str | None] = None

    @property
    def named_at(self) -> Path:
        """The path of what makes its name: the setting `name`, or the trigger itself."""
        return (*self.path, "name") if self.given else self.path

    @property
    def moved(self) -> dict[Label, tuple[Label, ...]]:
        """The labels before, by the label, as a rendering of it has them."""
        return {self.label: self.former}

    @property
    def resource(self) -> Named | None:
        """The resource of the spec that its events are of, None if they come from elsewhere."""
        return None

    @property
    def polled(self) -> Named | None:
        """The resource that is polled by the function's role, None where the source invokes the function."""
        return None if self.asynchronous else self.resource

    @property
    def only(self) -> Named | None:
        """What AWS takes as a trigger of the same function only once."""
        return self.resource if self.once else None

    def preflight(self, _account: Account) -> Iterable[Check]:
        """The names of its own on AWS that are taken."""
        return ()

    @property
    def arrival(self) -> str | None:
        """The name under which readings may arrive from outside, None if it brings none."""
        return None

    @property
    def per_second(self) -> float:
        """The events that come by themselves, whatever is sent."""
        return 0.0

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
    def subject(self) -> str:
        """The events and where they come from, in words."""

    @property
    def concurrency(self) -> int | None:
        """The concurrent executions that it may take; None if unlimited, as asynchronous invocations are."""
        return None

    @property
    def sender(self) -> Sender | None:
        """Who sends what cannot be delivered to the function's dead letters, if anybody does."""
        return None

    @abstractmethod
    def drawing(self, function: Path) -> Iterator[Node | Edge]:
        """The trigger of `function` in a drawing: an edge, and the node it begins at if that is its own."""

    def aws_names(self) -> Iterable[Name]:
        """The names on AWS of what it consists of."""
        return ()

    def derived(self) -> Iterable[Derived]:
        """Its settings that follow from others where the spec leaves them open."""
        return ()

    def names(self, grant: Grant) -> bool:
        """Whether its events name the resource of `grant`, so that a handler needs no variable to find it."""
        return False

    def set_off_by(self, grant: Grant) -> str | None:
        """The queue or prefix by which a function with `grant` may set this off, None if there is none."""
        return None


@dataclass(frozen=True, kw_only=True)
class ResourceTrigger(Trigger):
    """A trigger by the resource `key` of `section`, labelled `source`, and `former_sources` before.

    `source_arn` is the resource's ARN, whether it exists already or not.
    """

    section: str
    key: str
    source: Label
    source_arn: str | Expression
    former_sources: tuple[Label, ...] = ()

    @property
    def resource(self) -> Named:
        """The resource."""
        return (self.section, self.key)

    def preflight(self, _account: Account) -> Iterable[Check]:
        """The names of its own on AWS that are taken."""
        return ()

    @property
    def arrival(self) -> str | None:
        """The resource's key."""
        return self.key

    @property
    def subject(self) -> str:
        """The events of the resource."""
        return f"{self.events} of `{self.key}`"

    def drawing(self, function: Path) -> Iterator[Edge]:
        """An edge from the resource."""
        yield Edge(
            tail=self.resource, head=function, text=self.amount, accent=self.resource, relation=Relation.CALL
        )


@dataclass(frozen=True, kw_only=True)
class OutsideTrigger(Trigger):
    """A trigger by something that is no resource of the spec."""

    # How its node looks, and what it runs on.
    style: ClassVar[Style]
    note: ClassVar[str]

    @property
    @abstractmethod
    def title(self) -> str:
        """What its node in a drawing is called."""

    def drawing(self, function: Path) -> Iterator[Node | Edge]:
        """A node of its own, and an edge from there."""
        yield Node(id=self.path, noun=self.style.name, title=self.title, note=self.note, style=self.style)
        yield Edge(tail=self.path, head=function, text=self.amount, accent=self.path, relation=Relation.CALL)


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
class Position:
    """Where a trigger stands: at `path`, the `number`th of `sharers` of its kind in the function `key`.

    `reserved` is the function's reserved concurrency, which they share.
    """

    key: str
    path: Path
    number: int
    sharers: int
    reserved: int | None

    @property
    def label(self) -> Label:
        """The function's label."""
        return label(self.key)

    def own(self, word: str) -> dict[str, Any]:
        """The arguments of every trigger, for one that names no resource of the spec.

        Its label has the word of its kind and its number, so the order of other kinds does not change it.
        """
        return {"label": Label(f"{self.label}__{word}__{self.number}"), "path": self.path}

    def named(self, context: Context, settings: Mapping[str, Any], word: str) -> dict[str, Any]:
        """The same, with the name that the settings give, or one of the key, the word and its number."""
        given = str(settings.get("name", ""))
        name = context.filled(given) or context.name(f"{self.key}-{word}-{self.number}")
        return {**self.own(word), "name": name, "given": given}

    def of(self, context: Context, section: str, key: str, word: str = "") -> dict[str, Any]:
        """The arguments of every trigger by a resource.

        A `word` keeps its label apart from that of another kind which makes resources of the same type.
        """
        *former, source = map(label, context.keys(section, key))
        ending = f"__{word}" if word else ""
        return {
            "section": section,
            "key": key,
            "source": source,
            "source_arn": context.attribute(section, key, "arn"),
            "label": Label(f"{self.label}__{source}{ending}"),
            "path": self.path,
            "former": tuple(Label(f"{self.label}__{one}{ending}") for one in former),
            "former_sources": tuple(former),
        }


@dataclass(frozen=True)
class Undelivered:
    """What a source could not deliver to a function: why, if that is noted, and the event for it, as JSON.

    With `lost` there is no such event, for this reason.
    """

    reason: str
    event: str
    lost: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class TriggerKind(Generic[T]):
    """A kind of trigger: `word` is its setting, which names a resource of `section`, if it has one.

    `resolve` takes the context, the settings and their position; it is None where what they name is not
    there, which is reported then.
    `statements` are the permissions that the function's role needs. `render` is for all calls together.
    `access` is what the function needs to work with its events, as settings; `sample` is an event that it
    could get from the trigger's resource, which is None where it has none.
    `fed_by` is the verb of `access` that makes its events, if any does; `delivery` is how these reach the
    function, and what that uses. `written` is the value of the setting for a name on the command line.
    `undelivered` reads a message of the function's dead-letter queue, by its body and the texts of its
    attributes; None for one that is not of this kind of source, or of an invocation that failed.
    """

    word: str
    section: str | None
    type: type[T]
    resolve: Callable[[Context, Mapping[str, Any], Position], T | None]
    statements: Callable[[Context, T], Iterable[Statement]]
    render: Callable[[tuple[Call[T], ...]], Iterable[Rendering]]
    access: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    sample: Callable[[T, Any, Occasion], Event]
    fed_by: str | None
    delivery: Callable[[T, Arriving], Delivery]
    written: Callable[[str], Any]
    undelivered: Callable[[str, Mapping[str, str]], Undelivered | None]


def no_statements(_context: Context, _trigger: Trigger) -> Iterable[Statement]:
    """The permissions of a role whose function is invoked from outside, by its own resource-based policy."""
    return ()


def no_access(_settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The access for events that hold all there is."""
    return {}


def as_named(name: str) -> str:
    """The value of a setting that is a name."""
    return name


def one_by_one(_trigger: Trigger, _arriving: Arriving) -> Delivery:
    """The delivery of events one by one, which costs nothing."""
    return Delivery(1, {})


def all_delivered(_body: str, _attributes: Mapping[str, str]) -> Undelivered | None:
    """Of a source that sends nothing to a function's dead-letter queue."""
    return None
