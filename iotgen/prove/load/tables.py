"""Tables under a load: on demand, and new, so nobody has asked more of them before."""

from iotgen.prove.load.clock import Bucket, Clock
from iotgen.prove.load.notes import Notes

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
WRITES = 4000


class Tables:
    """The tables of a plant, each with its writes a second."""

    def __init__(self, clock: Clock, notes: Notes) -> None:
        self._clock, self._notes = clock, notes
        self._writes: dict[str, Bucket] = {}

    def write(self, keys: tuple[str, ...], rows: float) -> None:
        """Write rows of one unit each into tables, or note what is throttled: functions try that again."""
        for key in keys:
            bucket = self._writes.setdefault(key, Bucket(self._clock, WRITES, WRITES))
            self._notes.rows += rows
            if not bucket.take(rows):
                self._notes.unwritten += rows
                self._notes.throttle(f"DynamoDB: the {WRITES:,} writes/s of {key} while it is new")
