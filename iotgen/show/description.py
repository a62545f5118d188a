"""What is said of a resource, as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """What decides a value."""

    SPEC = "spec"
    DEFAULTS = "defaults"
    OVERLAY = "overlay"
    SCHEMA = "schema"
    DERIVED = "derived"
    UNSET = "unset"


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: the line of the spec, if it is written, and its parent there.

    `text` says what a derived value follows from.
    """

    source: Source
    line: int | None = None
    within: str = ""
    text: str = ""


@dataclass(frozen=True)
class Setting:
    """A setting by its dotted name."""

    name: str
    value: Any
    origin: Origin


@dataclass(frozen=True)
class Named:
    """A name on AWS, and what has it."""

    what: str
    name: str


@dataclass(frozen=True)
class Neighbour:
    """Another resource, or someone outside, and what there is between the two."""

    noun: str
    key: str
    text: str
    line: int | None


@dataclass(frozen=True)
class Permission:
    """What a function may do with a resource, in words; `variable` tells the handler its name, if any.

    A workflow or a role stands in the function's place with its noun: `role reader`.
    """

    function: str
    phrase: str
    actions: tuple[str, ...]
    variable: str
    line: int


@dataclass(frozen=True)
class Need:
    """Actions on resources, under conditions, that a role which exists already has to allow."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class Watch:
    """An alarm: `condition` is when its metric makes it fire, `notifies` the name of a topic."""

    key: str
    name: str
    description: str
    metric: str
    condition: str
    notifies: str | None
    address: str


@dataclass(frozen=True)
class Override:
    """A setting of a rendered block that the spec overrides."""

    address: str
    setting: str
    value: Any
    line: int


@dataclass(frozen=True)
class Cost:
    """What a resource costs a month in USD under a load, and how much of it for what."""

    usd: float
    parts: tuple[tuple[str, float], ...]
    load: str
    prices: str


@dataclass(frozen=True)
class Description:
    """A resource as it will be in an environment."""

    noun: str
    key: str
    environment: str
    file: str
    line: int
    settings: tuple[Setting, ...]
    names: tuple[Named, ...]
    called_by: tuple[Neighbour, ...] = ()
    reaches: tuple[Neighbour, ...] = ()
    permissions: tuple[Permission, ...] = ()
    needs: tuple[Need, ...] = ()
    used_by: tuple[Permission, ...] = ()
    dead_letter_queue: str | None = None
    alarms: tuple[Watch, ...] = ()
    addresses: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    cost: Cost | None = None
