"""The view of an environment that is worked on: log lines, messages, rows and readings, as they come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING

import click

from iotgen.cli.console import say
from iotgen.cli.logs import paint
from iotgen.errors import RemoteError

if TYPE_CHECKING:
    from iotgen.deploy import Clients
    from iotgen.dev.counts import Name
    from iotgen.dev.waterfalls import Waterfalls
    from iotgen.model.pipeline import Pipeline
    from iotgen.operate.logs.line import Line
    from iotgen.operate.trace.data import Trace

_POLL = 1.0  # seconds
# The local AWS has no quota of calls; what is read at once is bounded by pages all the same.
_CALLS_PER_SECOND = 200
# How long before its first log line a reading may have come, in milliseconds: what an API waits for.
_LONGEST_CALL = 30_000


class View:
    """Shows what happens in an environment, in a thread of its own, between what the loop itself prints."""

    def __init__(self) -> None:
        self._printing = RLock()
        self._stop = Event()
        self._thread: Thread | None = None
        self._from = _now()
        self._trouble = ""

    def show(self, pipeline: Pipeline, clients: Clients) -> None:
        """Show this pipeline from now on; what came since the last line is shown, too."""
        self.end()
        self._stop = Event()
        self._thread = Thread(target=self._run, args=(pipeline, clients, self._stop), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Show nothing more."""
        self._stop.set()
        if self._thread:
            self._thread.join(2 * _POLL)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Hold back what happens meanwhile, for a prompt or a review."""
        with self._printing:
            yield

    def _run(self, pipeline: Pipeline, clients: Clients, stop: Event) -> None:
        while not stop.is_set():
            try:
                self._follow(pipeline, clients, stop)
            except RemoteError as error:
                self._say_trouble(error.message)
                stop.wait(_POLL)

    def _say_trouble(self, message: str) -> None:
        """Say once what cannot be shown, until it can be again."""
        if message != self._trouble:
            self._trouble = message
            self._print(lambda: say(f"cannot show what happens: {message}"))

    def _follow(self, pipeline: Pipeline, clients: Clients, stop: Event) -> None:
        from iotgen.operate.logs.follow import Follower
        from iotgen.operate.logs.pages import Pace, Reader
        from iotgen.operate.logs.sources import sources
        from iotgen.operate.logs.wanted import Wanted, no_pattern
        from iotgen.operate.status.collect import shared_clients

        shared = shared_clients(clients)
        groups = sources(pipeline, unusual=True)
        width = max((len(group.writer) for group in groups), default=0)
        reader = Reader(shared("logs"), no_pattern, say, Pace(per_second=_CALLS_PER_SECOND))
        look = self._counting(pipeline, shared)
        readings = _waterfalls(pipeline, shared)

        def wait() -> None:
            look()
            self._draw(readings)
            self._trouble = ""
            stop.wait(_POLL)

        follower = Follower(reader, groups, Wanted(), _now, wait, stop.is_set)
        for line in follower.lines(self._from):
            if stop.is_set():
                return
            self._show_line(line, width)
            readings.note(line, _now())

    def _show_line(self, line: Line, width: int) -> None:
        from iotgen.operate.logs import forms

        self._print(lambda: click.echo(forms.text(line, width, paint)))
        self._from = max(self._from, line.time + 1)

    def _counting(self, pipeline: Pipeline, clients: Clients) -> Callable[[], None]:
        """What prints the numbers that have changed since it was called last."""
        from iotgen.dev.counts import changed, numbers
        from iotgen.operate.logs.times import rfc_3339
        from iotgen.operate.status.collect import all_facts
        from iotgen.operate.status.watched import watched

        resources = tuple(watched(pipeline))
        before: dict[Name, tuple[float, bool]] = numbers(all_facts(resources, clients))

        def look() -> None:
            nonlocal before
            now = numbers(all_facts(resources, clients))
            for count in changed(before, now):
                time_ = paint(rfc_3339(_now()), "time")
                level = "ERROR" if count.bad and count.now > count.before else "fields"
                text = f"{time_} {paint(count.section, 'writer')} {paint(count.text, level)}"
                self._print(lambda text=text: click.echo(text))  # type: ignore[misc]
            before = now

        return look

    def _draw(self, readings: Waterfalls) -> None:
        """Print the waterfalls of readings that nothing more is said of."""
        from iotgen.cli import trace
        from iotgen.cli.dead_letters import width
        from iotgen.operate.trace import forms

        for one in readings.drawn(_now()):
            text = "\n".join(forms.lines(one, width(), trace.paint))
            self._print(lambda text=text: click.echo(f"\n{text}\n"))  # type: ignore[misc]
        if more := readings.undrawn():
            self._print(lambda: say(f"{more} more readings came; `iotgen trace EVENT_ID` shows any"))

    def _print(self, output: Callable[[], None]) -> None:
        with self._printing:
            if not self._stop.is_set():
                output()


def _waterfalls(pipeline: Pipeline, clients: Clients) -> Waterfalls:
    from iotgen.dev.waterfalls import Waterfalls
    from iotgen.operate.logs.pages import Pace, Reader, Window
    from iotgen.operate.logs.wanted import no_pattern
    from iotgen.operate.trace.trace import Where, traces

    reader = Reader(clients("logs"), no_pattern, say, Pace(per_second=_CALLS_PER_SECOND))

    def traced(ids: tuple[str, ...], first: int) -> tuple[Trace, ...]:
        window = Window(first - _LONGEST_CALL, _now())
        where = Where(
            pipeline=pipeline,
            clients=clients,
            readers=lambda _: reader,
            window=window,
            dead_letters=(),
        )
        return traces(where, ids)

    return Waterfalls(traced)


def _now() -> int:
    return time.time_ns() // 1_000_000
