"""Tables under a load: with a capacity, or on demand and new, so nobody has asked more of them before."""

from collections.abc import Mapping

from iotgen.prove.load.clock import Clock
from iotgen.prove.load.notes import Notes

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
WRITES = 4000
# What is over that for a moment is taken from what was not used; AWS keeps up to five minutes of it.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
_WINDOW = 10.0


class Tables:
    """The tables of a plant, each with its writes of the last seconds; `capacity` has those that have one."""

    def __init__(self, clock: Clock, notes: Notes, capacity: Mapping[str, int]) -> None:
        self._clock, self._notes, self._capacity = clock, notes, capacity
        self._written: dict[str, tuple[int, float]] = {}

    def write(self, keys: tuple[str, ...], rows: float) -> None:
        """Write rows of one unit each into tables, or note what is throttled: functions try that again."""
        window = int(self._clock.now / _WINDOW)
        for key in keys:
            since, written = self._written.get(key, (window, 0.0))
            written = written if since == window else 0.0
            self._notes.rows += rows
            most = self._capacity.get(key, WRITES)
            if written + rows > most * _WINDOW:
                self._notes.unwritten += rows
                why = "has a capacity for" if key in self._capacity else "takes while it is new"
                self._notes.throttle(f"DynamoDB: the {most:,} writes/s that {key} {why}")
            else:
                written += rows
            self._written[key] = (window, written)
