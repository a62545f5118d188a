"""Whether a plant carries a load, how fresh its rows are, the most devices, and what an outage leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from iotgen.prove.kernel import SECOND
from iotgen.prove.load.entry import Entry
from iotgen.prove.load.notes import Notes
from iotgen.prove.load.plant import ACCOUNT_THROTTLE, Plant
from iotgen.prove.load.run import Arrivals, Run
from iotgen.prove.load.tables import WRITES

# Seconds in which the load grows, and then stays; fewer where very much arrives.
_RAMP, _SECONDS, _LEAST_SECONDS = 30.0, 120.0, 20.0
_MOST_ARRIVALS = 150_000
# A load is not carried where more than one request or batch in so many is refused or throttled.
_ONE_IN = 1000
# Messages may wait for so many seconds more than a batch window and two invocations.
_SLACK = 3.0
_OUTAGE = 3600.0
# Lambda tries an event that fails again after one minute, and after two more.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_EVENT_TRIED = 180.0
# The most devices are sought up to so many times the load, to this share.
_MOST_TIMES = 4096
_PRECISION = 0.03
_DRAINING = 30.0
# Calls of a service in an invocation, from which on its function needs it.
_NEEDED = 0.5
# Requests a second that are not tried: here the simulation is no longer quick.
_TOO_MANY = 20_000.0


@dataclass(frozen=True)
class Demand:
    """So many devices, each with a reading every so many seconds, `batch` of them in a request."""

    devices: int
    every: float
    batch: int = 1

    @property
    def per_second(self) -> float:
        """Requests, objects or messages a second."""
        return self.devices / self.every / self.batch


@dataclass(frozen=True)
class Fresh:
    """How many seconds after its arrival a reading is in the tables, by the function that stores it."""

    function: str
    tables: tuple[str, ...]
    p50: float
    p99: float
    most: float


@dataclass(frozen=True)
class Waiting:
    """The most messages that a queue held at once, and the oldest when it was done, in seconds."""

    queue: str
    longest: int
    oldest: float
    growing: bool


@dataclass(frozen=True)
class Backlog:
    """What an hour without a function, or `dynamodb`, leaves: `drain` in seconds, None where it never does.

    `dead` of the messages are dead letters before the hour is over. `lost` are readings that devices must
    send again, since nothing keeps them.
    """

    function: str
    messages: float = 0.0
    dead: float = 0.0
    lost: float = 0.0
    drain: float | None = 0.0


@dataclass(frozen=True)
class Answer:
    """What came of a load; `reasons` are why it is not carried.

    `most` devices are carried, or `more`; then `first` is what refuses.
    """

    demand: Demand
    entry: str
    seconds: float
    reasons: tuple[str, ...]
    fresh: tuple[Fresh, ...]
    waiting: tuple[Waiting, ...]
    throttled: tuple[tuple[str, int], ...]
    most: int
    more: bool
    first: str
    backlogs: tuple[Backlog, ...]

    @property
    def carried(self) -> bool:
        """Whether it is carried."""
        return not self.reasons


def answer(plant: Plant, entry: Entry, demand: Demand, seed: int) -> Answer:
    """Try a load, more of it, and an outage."""
    run, seconds = _run(plant, entry, demand, seed)
    notes, reasons = run.notes, reasons_of(run)
    most, more, first = _most(plant, entry, demand, seed, reasons)
    return Answer(
        demand=demand,
        entry=entry.name,
        seconds=seconds,
        reasons=reasons,
        fresh=tuple(_fresh(plant, notes)),
        waiting=tuple(
            Waiting(key, notes.longest[key], notes.oldest.get(key, 0.0), _grows(run, key))
            for key in sorted(run.queues)
            if notes.longest[key]
        ),
        throttled=tuple(notes.throttled.most_common()),
        most=most,
        more=more,
        first=first,
        backlogs=_outages(plant, tuple(_backlogs(plant, entry, demand, seed))),
    )


def _run(plant: Plant, entry: Entry, demand: Demand, seed: int) -> tuple[Run, float]:
    rate = demand.per_second
    seconds = max(_LEAST_SECONDS, min(_SECONDS, _MOST_ARRIVALS / rate - _RAMP))
    run = Run(plant, (Arrivals(entry, rate, demand.batch),), seed)
    run.run(seconds, _RAMP)
    return run, seconds


def reasons_of(run: Run) -> tuple[str, ...]:
    """Why a run does not carry its load, in words; nothing where it does."""
    return (*_reasons(run.notes), *_growing(run))


def _reasons(notes: Notes) -> Iterator[str]:
    if notes.refused * _ONE_IN > max(notes.requests, 1):
        yield f"{notes.refused:,} of {notes.requests:,} requests are refused or fail"
    if notes.delayed * _ONE_IN > max(notes.batches, 1):
        throttled = f"{notes.delayed:,} of {notes.batches:,} batches are throttled"
        yield f"{throttled}, and their messages count as received"
    if notes.dead:
        yield f"{notes.dead:,} messages become dead letters"
    if notes.twice * _ONE_IN > max(notes.finished, 1):
        yield f"{notes.twice:,} messages are visible again while they are handled"
    if notes.unwritten * _ONE_IN > max(notes.rows, 1):
        yield f"{notes.unwritten:,.0f} of {notes.rows:,.0f} rows come while their table is throttled"


def _growing(run: Run) -> Iterator[str]:
    for key in run.queues:
        if _grows(run, key):
            yield f"the queue {key} grows: {run.queues[key].held:,} messages wait at the end"
    if run.pending > _SLACK * 2 * max((one.per_second for one in run.arrivals), default=0) + 100:
        yield f"{run.pending:,} events wait for a function at the end"


def _grows(run: Run, key: str) -> bool:
    """Whether more messages wait than came in the time that they may wait."""
    queue = run.queues[key]
    took = queue.function.timing.mean(queue.poll.batch_size, queue.poll.batch_size)
    allowed = queue.poll.window / SECOND + 2 * took + _SLACK
    per_second = sum(one.per_second * _share(run, one, key) for one in run.arrivals)
    return queue.held > per_second * allowed + 2 * queue.poll.batch_size


def _share(run: Run, arrivals: Arrivals, key: str) -> float:
    """The messages in a queue that come of one arrival."""
    entry = arrivals.entry
    if entry.queue:
        return float(entry.queue == key)
    return run.functions[entry.function].timing.sends.get(key, 0.0)


def _fresh(plant: Plant, notes: Notes) -> Iterator[Fresh]:
    for function, times in sorted(notes.fresh.items()):
        ordered = sorted(times)
        tables = plant.timings[function].stores
        if tables:
            yield Fresh(function, tables, quantile(ordered, 0.5), quantile(ordered, 0.99), ordered[-1])


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which so large a share lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _most(
    plant: Plant, entry: Entry, demand: Demand, seed: int, reasons: tuple[str, ...]
) -> tuple[int, bool, str]:
    """The most devices that are carried, whether even more may be, and what refuses the next."""

    def fails(devices: int) -> tuple[bool, str]:
        run, _ = _run(plant, entry, replace(demand, devices=devices), seed)
        why = reasons_of(run)
        return bool(why), _first(run.notes, why)

    carried, refused, first = (0, demand.devices, "") if reasons else (demand.devices, 0, "")
    least = max(1, demand.devices // _MOST_TIMES)
    limit = min(demand.devices * _MOST_TIMES, ceiling(plant, entry, demand))
    if not refused:
        while carried < limit and not refused:
            tried = min(limit, 2 * carried)
            bad, why = fails(tried)
            carried, refused, first = (carried, tried, why) if bad else (tried, 0, first)
        if not refused:
            return carried, True, ""
    while refused - carried > max(1, _PRECISION * refused) and refused > least:
        tried = (carried + refused) // 2
        bad, why = fails(tried)
        carried, refused, first = (carried, tried, why) if bad else (tried, refused, first)
    if not first:
        first = fails(refused)[1]
    return carried, False, first


def ceiling(plant: Plant, entry: Entry, demand: Demand) -> int:
    """Devices that certainly are too many: twice what the API lets through, or what all pollers take."""
    through = plant.throttles.get(entry.name, ACCOUNT_THROTTLE).rate
    rate = 2.0 * through if entry.endpoint else _TOO_MANY
    return max(2 * demand.devices, int(rate * demand.every * demand.batch))


def _first(notes: Notes, why: tuple[str, ...]) -> str:
    if notes.throttled:
        return notes.throttled.most_common(1)[0][0]
    return why[0] if why else ""


def _outages(plant: Plant, backlogs: tuple[Backlog, ...]) -> tuple[Backlog, ...]:
    """And an hour without the database: the first function on the way that needs it fails."""
    need = [one for one in backlogs if plant.timings[one.function].calls.get("dynamodb", 0) >= _NEEDED]
    return (*backlogs, *(replace(one, function="dynamodb") for one in need[:1]))


def _backlogs(plant: Plant, entry: Entry, demand: Demand, seed: int) -> Iterator[Backlog]:
    """An hour without each function that readings pass."""
    if entry.function:
        yield _without(plant, entry, demand)
    probe = Run(plant, (), seed)
    queues = {one.key: one for one in plant.shape.queues}
    for key, queue in probe.queues.items():
        sends = plant.timings[entry.function].sends if entry.function else {}
        share = float(key == entry.queue) if entry.queue else sends.get(key, 0.0)
        if not share:
            continue
        rate = demand.per_second * share
        kept = queues[key].visibility / SECOND * (queues[key].max_receives or 1e9)
        messages = rate * _OUTAGE
        readings = demand.batch / share
        gone = drained(plant, key, readings, seed)
        stored = plant.timings[queue.function.shape.key].stores
        gone = min((gone, *(plant.writes.get(table, WRITES) / readings for table in stored)))
        drain = messages / (gone - rate) if gone > rate else None
        yield Backlog(queue.function.shape.key, messages, max(0.0, rate * (_OUTAGE - kept)), 0.0, drain)


def _without(plant: Plant, entry: Entry, demand: Demand) -> Backlog:
    """An hour without the function that readings come to first: requests fail, and events are tried again."""
    if entry.endpoint:
        return Backlog(entry.function, lost=demand.devices / demand.every * _OUTAGE)
    run = Run(plant, (), 0)
    function, rate = run.functions[entry.function], demand.per_second
    gone = function.limit / function.timing.mean(demand.batch, demand.batch)
    messages = rate * _OUTAGE
    drain = messages / (gone - rate) if gone > rate else None
    return Backlog(entry.function, messages, rate * (_OUTAGE - _EVENT_TRIED), 0.0, drain)


def drained(plant: Plant, key: str, readings: float, seed: int) -> float:
    """The messages a second that a queue's function takes while there is a backlog."""
    run = Run(plant, (), seed)
    queue = run.queues[key]
    queue.pollers = queue.most
    took = queue.function.timing.mean(queue.poll.batch_size, queue.poll.batch_size * readings)
    enough = int(
        2 * _DRAINING * min(queue.most, queue.function.limit) * queue.poll.batch_size / max(took, 0.001)
    )
    for _ in range(min(enough, 2_000_000)):
        queue.add(0.0, readings)
    run.run(_DRAINING, _DRAINING / 3)
    return run.notes.finished / _DRAINING
