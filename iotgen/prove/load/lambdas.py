"""Functions under a load: how many of their invocations run at once, and what is throttled."""

from collections.abc import Callable
from random import Random

from iotgen.prove.kernel import SECOND
from iotgen.prove.load.assumed import Assumed
from iotgen.prove.load.clock import Bucket, Clock
from iotgen.prove.load.notes import Notes
from iotgen.prove.load.tables import Tables
from iotgen.prove.load.timing import Timing
from iotgen.prove.shape import FunctionShape

# A unit of concurrency serves so many synchronous requests a second, however short they are.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
PER_UNIT = 10

# Whether it went well.
Ended = Callable[[bool], None]


class Pool:
    """The concurrent executions that functions without a reservation share."""

    def __init__(self, most: int) -> None:
        self.most, self.running = most, 0


class Lambda:
    """A function. While it is `out`, its invocations fail."""

    def __init__(
        self,
        shape: FunctionShape,
        timing: Timing,
        pool: Pool,
        tables: Tables,
        clock: Clock,
        random: Random,
        notes: Notes,
        assumed: Assumed,
    ) -> None:
        self.shape, self.timing = shape, timing
        self.limit = pool.most if shape.reserved is None else shape.reserved
        self.out = False
        self.freed: list[Callable[[], None]] = []
        self._pool = pool if shape.reserved is None else Pool(self.limit)
        self._clock, self._random, self._notes, self._assumed = clock, random, notes, assumed
        self._tables = tables
        self._rate = Bucket(clock, PER_UNIT * self.limit, PER_UNIT * self.limit)
        self._timeout = shape.timeout / SECOND
        self._warm = 0

    def invoke(self, size: int, readings: float, ended: Ended, *, synchronous: bool = True) -> float | None:
        """Start an invocation; gives its seconds, None where it is throttled."""
        if self._pool.running >= self._pool.most:
            self._notes.throttle(f"Lambda: the {self.limit} concurrent executions of {self.shape.key}")
            return None
        if synchronous and not self._rate.take():
            most = PER_UNIT * self.limit
            self._notes.throttle(
                f"Lambda: the {most:,} requests/s that {self.limit} executions of {self.shape.key} serve"
            )
            return None
        self._pool.running += 1
        seconds = self.timing.draw(self._random, size, readings)
        well = seconds <= self._timeout and not self.out
        seconds = min(seconds, self._timeout)
        whole = seconds
        if self._warm:
            self._warm -= 1
        else:
            whole += self._assumed["start"].draw(self._random)
        self._clock.after(whole, lambda: self._end(ended, well, readings))
        return whole

    def _end(self, ended: Ended, well: bool, readings: float) -> None:
        if well:
            self._tables.write(self.timing.stores, readings)
        self._pool.running -= 1
        self._warm += 1
        ended(well)
        for one in self.freed:
            one()
