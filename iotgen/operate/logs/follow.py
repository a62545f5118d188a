"""Lines as they come: the last minute of the logs is read again and again, and each event shown once.

CloudWatch gets an event seconds after it happened, so what is asked for overlaps what was shown.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from iotgen.model.log_group import LogGroup
from iotgen.operate.logs.line import Event, Line
from iotgen.operate.logs.merge import lines
from iotgen.operate.logs.pages import Reader, Window
from iotgen.operate.logs.wanted import Wanted

OVERLAP = 60_000  # milliseconds
# What is remembered of each group, two pages. Where more comes in a minute, the overlap is shorter.
MOST_IDS = 20_000


@dataclass
class Seen:
    """The events of a group that were shown, those from `floor` on: what is older is not asked for again."""

    floor: int
    most: int = MOST_IDS
    _ids: set[str] = field(default_factory=set)
    _by_time: list[tuple[int, str]] = field(default_factory=list)

    def add(self, event: Event) -> bool:
        """Remember an event; whether it is new."""
        if event.time < self.floor or event.id in self._ids:
            return False
        self._ids.add(event.id)
        heapq.heappush(self._by_time, (event.time, event.id))
        if len(self._ids) > self.most:
            self.forget(self._by_time[0][0] + 1)
        return True

    def forget(self, floor: int) -> None:
        """Forget what is before `floor`, if that is later than the one before."""
        self.floor = max(self.floor, floor)
        while self._by_time and self._by_time[0][0] < self.floor:
            self._ids.discard(heapq.heappop(self._by_time)[1])


@dataclass(frozen=True)
class Follower:
    """Follows log groups; `now` is in milliseconds, `wait` waits until they are read again.

    `stopped` is asked after each round, and ends it.
    """

    reader: Reader
    groups: Sequence[LogGroup]
    wanted: Wanted
    now: Callable[[], int]
    wait: Callable[[], None]
    stopped: Callable[[], bool]

    def lines(self, start: int) -> Iterator[Line]:
        """The lines from `start` on, for as long as it is not stopped."""
        seen = {group: Seen(start) for group in self.groups}
        while not self.stopped():
            began = self.now()
            rounds = [self._round(group, seen[group]) for group in self.groups]
            yield from heapq.merge(*rounds, key=lambda line: line.time)
            for one in seen.values():
                one.forget(began - OVERLAP)
            self.wait()

    def _round(self, group: LogGroup, seen: Seen) -> Iterator[Line]:
        return lines(self.reader, [group], Window(seen.floor), self.wanted, seen.add)
