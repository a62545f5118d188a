"""Tracebacks in one piece: what is printed on standard error is an event of the log for each line of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from iotgen.operate.logs.line import TRACEBACK, Event

# A longer one goes on as lines of its own.
_MOST_LINES = 200
_BETWEEN = ("During handling of the above exception", "The above exception was the direct cause")


def whole(events: Iterable[Event]) -> Iterator[Event]:
    """The events, with the lines of a traceback that follow each other in one event."""
    held: list[Event] = []
    for event in events:
        if held and not _goes_on(held, event):
            yield _one(held)
            held = []
        if held or event.message.startswith(TRACEBACK):
            held.append(event)
        else:
            yield event
    if held:
        yield _one(held)


def _goes_on(held: list[Event], event: Event) -> bool:
    """Whether an event is the next line of a traceback: indented, its last line, or between two."""
    first, last = held[0], held[-1]
    if (event.stream, event.time) != (first.stream, first.time) or len(held) == _MOST_LINES:
        return False
    if event.message.startswith((" ", "\t", *_BETWEEN)) or not event.message.strip():
        return True
    ended = not last.message.startswith((" ", "\t", TRACEBACK, *_BETWEEN)) and last.message.strip()
    if event.message.startswith(TRACEBACK):
        return not ended
    return not ended and not event.message.startswith(("{", "START ", "END ", "REPORT "))


def _one(held: list[Event]) -> Event:
    return replace(held[0], message="\n".join(event.message.rstrip("\n") for event in held))
