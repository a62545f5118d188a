"""What a pipeline is to carry, and where its readings arrive."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.errors import UsageError
from iotgen.kinds.endpoints import Endpoint, endpoints_of
from iotgen.kinds.functions import Function
from iotgen.kinds.rules import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.trigger import Trigger


@dataclass(frozen=True, kw_only=True)
class Load:
    """So many devices, each with a reading every so many seconds, `batch` of them in a request or an object.

    `reading_bytes` are of a reading's JSON; `queries` are a day's, each for a page of so many readings. `to`
    is where readings arrive: an endpoint's path, or the key of a rule, a queue or a bucket. `days` is how
    long it has run. `retention` is in days; by default it is that of the spec.
    """

    devices: int = 100
    every: float = 60.0
    batch: int = 1
    reading_bytes: int = 152
    queries: float = 1000.0
    page: int = 100
    to: str | None = None
    days: int = 365
    retention: int | None = None

    @property
    def readings_per_second(self) -> float:
        """The readings of all devices."""
        return self.devices / self.every


_WITH_BODY = ("POST", "PUT", "PATCH", "ANY")
# An endpoint, a rule of AWS IoT, or what calls a function by itself.
Arrival = Endpoint | Rule | Trigger


def arrivals(pipeline: Pipeline) -> dict[str, Arrival]:
    """Where readings can arrive, by name, the likeliest first."""
    posted = [one for one in endpoints_of(pipeline) if one.method in _WITH_BODY]
    posted.sort(key=lambda endpoint: bool(endpoint.function and endpoint.function.triggers))
    named: dict[str, Arrival] = {}
    for endpoint in posted:
        named.setdefault(f"/{endpoint.route}", endpoint)
    for rule in pipeline.all(Rule):
        named.setdefault(rule.key, rule)
    outside = [trigger for trigger in _triggers(pipeline) if not _fed(pipeline, trigger)]
    return named | {one.arrival: one for one in outside if one.arrival and one.arrival not in named}


def arrival(pipeline: Pipeline, load: Load) -> Arrival | None:
    """Where the readings of a load arrive; None if nothing takes any. UsageError for an unknown place."""
    places = arrivals(pipeline)
    if load.to is None:
        return next(iter(places.values()), None)
    if load.to not in places:
        hint = f"Name one of these: {', '.join(places)}." if places else ""
        raise UsageError(f"no readings arrive at `{load.to}`", hint)
    return places[load.to]


def _triggers(pipeline: Pipeline) -> Iterator[Trigger]:
    for function in pipeline.all(Function):
        yield from function.triggers


def _fed(pipeline: Pipeline, trigger: Trigger) -> bool:
    """Whether a function or a rule of the pipeline makes the trigger's events."""
    targets = (target for rule in pipeline.all(Rule) for target in rule.targets)
    return any(target.head == trigger.resource for target in targets) or any(
        trigger.set_off_by(grant) is not None
        for function in pipeline.all(Function)
        for grant in function.grants
        if trigger not in function.triggers
    )
