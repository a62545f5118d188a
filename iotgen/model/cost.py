"""What a kind of resource costs: the quantities that AWS bills for, without their prices.

A quantity is of one item of the price list, such as `dynamodb.writes`. Quantities are for a month of 30 days.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import R, Resource

DAYS = 30
# What is left of a log's bytes in storage, where it is billed as compressed by gzip; lines are much alike.
_COMPRESSED = 0.15
SECONDS = DAYS * 86_400

# What is used of a resource in a month, by the name of its measure.
Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Use:
    """What is used of a resource by one `path` of readings through the pipeline."""

    path: str
    amounts: Amounts

    def get(self, measure: str) -> float:
        """The amount of a measure, 0 if it is not used."""
        return self.amounts.get(measure, 0.0)


@dataclass(frozen=True)
class Charge:
    """A quantity of one item of the price list, for a path.

    With `kept`, it is of what is stored by then, rather than of a month's work.
    """

    item: str
    quantity: float
    path: str
    kept: bool = False


@dataclass(frozen=True)
class Scope:
    """What else charges depend on: the pipeline, how long it has run, and for how long readings are kept.

    Both are in days; `retention` is None if readings are kept for ever.
    """

    pipeline: Pipeline
    days: int
    retention: int | None

    def kept(self, days: int | None) -> float:
        """The months' worth of data that are stored, of data kept for so many days."""
        return (self.days if days is None else min(self.days, days)) / DAYS


@dataclass(frozen=True)
class Work:
    """Calls of one verb of `access` in a month, with items in them; those that only mark something have none.

    `bytes` are of an item, a message or an object.
    """

    calls: float
    rows: float
    bytes: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Lever(Generic[R]):
    """A setting that saves: as it would be written, and the resources of a kind with it."""

    setting: str
    change: Callable[[tuple[R, ...]], tuple[R, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Costs(Generic[R]):
    """What a kind costs.

    `charges` are those of a resource for all its uses. `calls` gives what calls of a verb use of it.
    `per_reading` is how many calls of a verb to assume for a reading where nothing is measured; of others it
    is one for an invocation. `apart` is whether its uses are a path of their own, rather than a part of the
    path that makes them. `levers` are the settings that save.
    """

    charges: Callable[[R, tuple[Use, ...], Scope], Iterable[Charge]]
    calls: Mapping[str, Callable[[Work], Amounts]]
    per_reading: Mapping[str, float]
    apart: bool
    levers: tuple[Lever[R], ...]


AnyCosts = Costs[Any]


@dataclass(frozen=True)
class Arriving:
    """Events that arrive for a trigger: how many a second, and the bytes of one."""

    per_second: float
    bytes: float


@dataclass(frozen=True)
class Delivery:
    """How a trigger hands events on: so many an invocation; `amounts` is what that uses of its source."""

    events: float
    amounts: Amounts


def nothing(_resource: Resource, _uses: tuple[Use, ...], _scope: Scope) -> Iterable[Charge]:
    """The charges of a kind that costs nothing."""
    return ()


FREE: AnyCosts = Costs(charges=nothing, calls={}, per_reading={}, apart=False, levers=())


def logged(bytes_: float, retention_days: int, path: str, scope: Scope) -> Iterator[Charge]:
    """The charges for lines of a log."""
    yield Charge("logs.ingested", bytes_ / 1e9, path)
    stored = bytes_ * _COMPRESSED * scope.kept(retention_days) / 1e9
    yield Charge("logs.storage", stored, path, kept=True)


def units(size: float, unit: int) -> int:
    """How many units are billed for so many bytes: each one begun, at least one."""
    return max(1, -(-int(size) // unit))
