"""What would save most: the bill again, each time with one thing changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from iotgen.cost.bill import Bill
from iotgen.cost.load import Load, arrival
from iotgen.kinds import KINDS
from iotgen.kinds.rules import Rule
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource

# The bill of a pipeline under a load.
Pay = Callable[[Pipeline, Load], Bill]

_BATCHES = (10, 100)
_RETENTION = 90
_LEAST = 0.01


@dataclass(frozen=True)
class Saving:
    """What one change saves a month."""

    change: str
    usd: float


def savings(pipeline: Pipeline, load: Load, pay: Pay) -> tuple[Saving, ...]:
    """Each change that saves a cent or more, the largest first; they do not add up."""
    now = pay(pipeline, load)
    changed = [*_of_batches(pipeline, load), *_of_retention(load, now), *_of_kinds(pipeline)]
    found = [
        Saving(change, now.usd - pay(other or pipeline, carried or load).usd)
        for change, other, carried in changed
    ]
    return tuple(sorted((one for one in found if one.usd >= _LEAST), key=lambda one: (-one.usd, one.change)))


_Changed = tuple[str, Pipeline | None, Load | None]


def _of_batches(pipeline: Pipeline, load: Load) -> Iterator[_Changed]:
    """More readings in a request, unless a rule takes the fields of one out of each message."""
    place = arrival(pipeline, load)
    if isinstance(place, Rule) and not place.query.whole:
        return
    for batch in _BATCHES:
        if batch > load.batch:
            yield f"{batch} readings in a request", None, replace(load, batch=batch)


def _of_retention(load: Load, now: Bill) -> Iterator[_Changed]:
    if now.retention is None or now.retention > _RETENTION:
        yield f"retention_days: {_RETENTION}", None, replace(load, retention=_RETENTION)


def _of_kinds(pipeline: Pipeline) -> Iterator[_Changed]:
    for kind in KINDS:
        for lever in kind.costs.levers:
            yield f"{lever.setting}{_of(kind)}", _with(pipeline, kind, lever.change(kind.of(pipeline))), None


def _of(kind: AnyKind) -> str:
    """Whose setting it is; alarms are a section of their own."""
    return f" ({kind.section})" if kind.referred else ""


def _with(pipeline: Pipeline, kind: AnyKind, resources: tuple[Resource, ...]) -> Pipeline:
    return replace(pipeline, by_type={**pipeline.by_type, kind.type: resources})
