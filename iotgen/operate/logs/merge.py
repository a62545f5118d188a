"""The lines of several log groups in the order of their times; of each group one page is in memory."""

import heapq
from collections.abc import Callable, Iterator, Sequence

from iotgen.model.log_group import LogGroup
from iotgen.operate.logs.line import Event, Line, read
from iotgen.operate.logs.pages import Reader, Window
from iotgen.operate.logs.tracebacks import whole
from iotgen.operate.logs.wanted import Wanted

# Whether an event is to be shown.
Fresh = Callable[[Event], bool]


def lines(
    reader: Reader,
    groups: Sequence[LogGroup],
    window: Window,
    wanted: Wanted,
    fresh: Fresh = lambda _: True,
) -> Iterator[Line]:
    """The lines that are wanted, of those events that are `fresh`."""

    def of(group: LogGroup) -> Iterator[Line]:
        events = (event for event in reader.events(group, window) if fresh(event))
        lines_ = (read(event, group) for event in whole(events))
        return filter(wanted.matches, lines_)

    return heapq.merge(*map(of, groups), key=lambda line: line.time)
