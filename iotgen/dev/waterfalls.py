"""The readings that log lines name: each is traced once nothing more is said of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from iotgen.operate.logs.line import Line
from iotgen.operate.trace.data import Trace
from iotgen.operate.trace.invocations import named

# Milliseconds: how long no line has to name a reading, and how long one that waits in a queue is asked for
# again.
QUIET, PATIENCE = 2_000, 60_000
# A load of thousands is for `iotgen status`: so many are remembered, and drawn of those that settle together.
MOST, MOST_DRAWN = 1_000, 3

# The traces of ids, from the logs since a time.
Traces = Callable[[tuple[str, ...], int], tuple[Trace, ...]]


@dataclass
class Waterfalls:
    """Readings on their way; times are in milliseconds."""

    traces: Traces
    _way: dict[str, tuple[int, int]] = field(default_factory=dict)  # when each was named first and last
    _more: int = 0

    def note(self, line: Line, now: int) -> None:
        """Remember the readings that a line names."""
        for id in named(line):
            if id in self._way or len(self._way) < MOST:
                self._way[id] = (self._way[id][0] if id in self._way else line.time, now)
            else:
                self._more += 1

    def drawn(self, now: int) -> Iterator[Trace]:
        """The traces of readings that have settled since this was asked last, the first few of them."""
        settled = {id: first for id, (first, last) in self._way.items() if now - last >= QUIET}
        for id in settled:
            del self._way[id]
        ids = tuple(settled)[:MOST_DRAWN]
        self._more += len(settled) - len(ids)
        if not ids:
            return
        for trace in self.traces(ids, min(settled[id] for id in ids)):
            if trace.waiting and now - settled[trace.id] < PATIENCE:
                self._way[trace.id] = (settled[trace.id], now)
            else:
                yield trace

    def undrawn(self) -> int:
        """How many readings were left out, once all have settled; zero from then on."""
        if self._way:
            return 0
        more, self._more = self._more, 0
        return more
