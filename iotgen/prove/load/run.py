"""One run of a load: requests, objects and messages as they arrive, and what becomes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from iotgen.prove.load.clock import Bucket, Clock
from iotgen.prove.load.entry import Entry
from iotgen.prove.load.lambdas import Lambda, Pool
from iotgen.prove.load.notes import Notes
from iotgen.prove.load.plant import ACCOUNT_THROTTLE, Plant
from iotgen.prove.load.queueing import Queueing
from iotgen.prove.load.tables import Tables

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
_LONGEST = 29.0
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: from 1 s to 5 minutes.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
# Enough refusals to know that it does not hold.
_ENOUGH = 500
_MANY_ROWS = 50_000


@dataclass(frozen=True)
class Arrivals:
    """So many requests, objects or messages a second at a place, each with so many readings."""

    entry: Entry
    per_second: float
    readings: int = 1


class Run:
    """Virtual time with a load. `notes` are of the time after the start, in which the load grows."""

    def __init__(self, plant: Plant, arrivals: tuple[Arrivals, ...], seed: int) -> None:
        self.clock, self.notes, self._random = Clock(), Notes(), Random(seed)  # noqa: S311 - it must be foreseen
        self._plant, self.arrivals, self._ramp = plant, arrivals, 0.0
        pool, tables = Pool(plant.unreserved), Tables(self.clock, self.notes, plant.writes)
        chance = (self.clock, self._random, self.notes, plant.assumed)
        self.functions = {
            key: Lambda(shape, plant.timings[key], pool, tables, *chance)
            for key, shape in plant.functions.items()
            if key in plant.timings
        }
        queues = {one.key: one for one in plant.shape.queues}
        self.queues = {
            one.queue: Queueing(queues[one.queue], one, self.functions[one.function], *chance)
            for one in plant.shape.polls
            if one.function in self.functions
        }
        self.pending = 0
        self._gates: dict[str, Bucket] = {}
        self._sent: dict[tuple[str, str], float] = {}

    def run(self, seconds: float, ramp: float) -> Notes:
        """Let the load grow for `ramp` seconds and stay for `seconds`, or until too much is refused."""
        self._ramp = ramp
        for one in self.arrivals:
            self._next(one, self._way(one))
        self.clock.run(ramp, lambda: False)
        self.notes.begin()
        self.clock.run(ramp + seconds, self._fails)
        return self.notes

    def _fails(self) -> bool:
        """Whether it is known that the load is not carried; a backlog alone takes its time."""
        notes = self.notes
        return bool(self.arrivals) and (notes.refused + notes.dead > _ENOUGH or notes.unwritten > _MANY_ROWS)

    def _way(self, arrivals: Arrivals) -> Callable[[], None]:
        entry = arrivals.entry
        if entry.endpoint:
            return lambda: self._request(arrivals)
        if entry.watch:
            return lambda: self._object(arrivals, self.clock.now, _FIRST_PAUSE)
        delay = self._plant.assumed["notify"] if entry.notified else None
        queue = self.queues[entry.queue]

        def put() -> None:
            arrived = self.clock.now
            late = delay.draw(self._random) if delay else 0.0
            self.clock.after(late, lambda: queue.add(arrived, arrivals.readings))

        return put

    def _next(self, arrivals: Arrivals, arrive: Callable[[], None]) -> None:
        """Devices send independently of each other, so the times between two arrivals are exponential."""

        def come() -> None:
            if self.clock.now >= self._ramp or self._random.random() * self._ramp < self.clock.now:
                arrive()
            self.clock.after(self._random.expovariate(arrivals.per_second), come)

        self.clock.after(self._random.expovariate(arrivals.per_second), come)

    def _request(self, arrivals: Arrivals) -> None:
        function, path = self.functions[arrivals.entry.function], arrivals.entry.name
        self.notes.requests += 1
        throttle = self._plant.throttles.get(path, ACCOUNT_THROTTLE)
        gate = self._gates.setdefault(path, Bucket(self.clock, throttle.rate, throttle.burst))
        if not gate.take():
            self.notes.refused += 1
            self.notes.throttle(f"API Gateway: the {throttle.rate:,} requests/s of {path}")
            return
        arrived = self.clock.now
        took = function.invoke(
            arrivals.readings, arrivals.readings, lambda well: self._ended(arrivals, arrived, well)
        )
        if took is None or took > _LONGEST:
            self.notes.refused += 1

    def _object(self, arrivals: Arrivals, arrived: float, pause: float) -> None:
        """An event for a function: Lambda keeps it while it is throttled, and tries it again."""
        first = arrived == self.clock.now
        self.notes.requests += first
        self.pending += first
        function = self.functions[arrivals.entry.function]
        late = self._plant.assumed["notify"].draw(self._random) if first else 0.0

        def ended(well: bool) -> None:
            self.pending -= 1
            self._ended(arrivals, arrived, well)

        def deliver() -> None:
            took = function.invoke(arrivals.readings, arrivals.readings, ended, synchronous=False)
            if took is None:
                longer = min(_LONGEST_PAUSE, 2 * pause)
                self.clock.after(pause, lambda: self._object(arrivals, arrived, longer))

        self.clock.after(late, deliver)

    def _ended(self, arrivals: Arrivals, arrived: float, well: bool) -> None:
        if not well:
            self.notes.refused += 1
            return
        function = self.functions[arrivals.entry.function]
        self.notes.finished += 1
        self.notes.store(function.shape.key, self.clock.now - arrived)
        for queue, messages in function.timing.sends.items():
            if queue in self.queues:
                owed = self._sent.get((function.shape.key, queue), 0.0) + messages
                whole = int(owed)
                self._sent[function.shape.key, queue] = owed - whole
                for _ in range(whole):
                    self.queues[queue].add(arrived, arrivals.readings / messages)
