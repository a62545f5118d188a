"""All that is shown of an environment, at one time."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

from iotgen.model.contents import Clients
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.status import MissingError, Value
from iotgen.operate.refusal import error_code, explaining
from iotgen.operate.status.alarms import AlarmState, alarm_states
from iotgen.operate.status.watched import Numbers, Source, Watched, watched

# Facts take a call or three for each resource.
_WORKERS = 8
_MISSING = ("NotFound", "NonExistent", "DoesNotExist")


@dataclass(frozen=True)
class Cell:
    """A value, None if it is not known; a `bad` one should be zero."""

    value: Value | None
    bad: bool

    @property
    def alarming(self) -> bool:
        """Whether it should be zero, and is not."""
        return self.bad and bool(self.value)


_NOTHING = Cell(None, bad=False)


@dataclass(frozen=True)
class Row:
    """A resource: its key, its cells in the order of the columns, and facts that are in no column.

    One that is not `deployed` has no values.
    """

    key: str
    cells: tuple[Cell, ...]
    more: Mapping[str, Value]
    deployed: bool = True


@dataclass(frozen=True)
class Section:
    """The resources of a kind."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Snapshot:
    """An environment at a time in milliseconds since 1970."""

    time: int
    sections: tuple[Section, ...]
    alarms: tuple[AlarmState, ...]

    @property
    def deployed(self) -> bool:
        """Whether any resource is there."""
        return any(row.deployed for section in self.sections for row in section.rows)


def snapshot(pipeline: Pipeline, clients: Clients, source: Source, now: int) -> Snapshot:
    """The environment now; RemoteError if AWS refuses."""
    resources = tuple(watched(pipeline))
    shared = shared_clients(clients)
    facts = all_facts(resources, shared)
    numbers = source(resources, now)
    rows = {one.named: _row(one, numbers, facts[one.named]) for one in resources}
    return Snapshot(
        now, tuple(_sections(resources, rows)), tuple(alarm_states(pipeline, shared("cloudwatch")))
    )


def shared_clients(clients: Clients) -> Clients:
    """The clients, each made once: to make one takes longer than to use it, and only one thread may."""
    lock, made = Lock(), dict[str, Any]()

    def client(service: str) -> Any:
        with lock:
            if service not in made:
                made[service] = clients(service)
            return made[service]

    return client


Facts = Mapping[str, Cell]


def all_facts(resources: Sequence[Watched], clients: Clients) -> dict[Named, Facts | None]:
    """What AWS says of resources now, None of those that are not there; RemoteError if AWS refuses."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(pool.map(lambda one: (one.named, _facts(clients, one)), resources))


def _facts(clients: Clients, one: Watched) -> Facts | None:
    """What AWS says of a resource, None if it is not there."""
    from botocore.exceptions import ClientError

    with explaining(f"read the state of {one.resource.name}", "to describe this resource"):
        try:
            found = one.status.facts(clients, one.resource)
            return {fact.column: Cell(fact.value, fact.bad) for fact in found}
        except MissingError:
            return None
        except ClientError as error:
            if any(word in error_code(error) for word in _MISSING):
                return None
            raise


def _row(one: Watched, numbers: Numbers, facts: Facts | None) -> Row:
    cells = {
        metric.column: Cell(numbers.get((one.named, metric.column)), metric.bad) for metric in one.metrics
    }
    if facts is None:
        return Row(one.resource.key, (_NOTHING,) * len(one.status.columns), {}, deployed=False)
    cells |= facts
    columns = one.status.columns
    more = {
        name: cell.value for name, cell in facts.items() if name not in columns and cell.value is not None
    }
    return Row(one.resource.key, tuple(cells.get(column, _NOTHING) for column in columns), more)


def _sections(resources: Sequence[Watched], rows: Mapping[Any, Row]) -> Iterator[Section]:
    for title in dict.fromkeys(one.section for one in resources):
        own = [one for one in resources if one.section == title]
        yield Section(title, own[0].status.columns, tuple(rows[one.named] for one in own))
