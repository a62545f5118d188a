"""Threads on a clock of their own: one runs at a time, and time passes only while all of them wait.

So many workers at once take no real time to wait, and each run of a benchmark is the same.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Sequence


class VirtualTime:
    """The clock, and whose turn it is. `now` counts seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._numbers = itertools.count()
        self._done = threading.Event()
        self._fault: BaseException | None = None

    def sleep(self, seconds: float) -> None:
        """Let others run until so much time has passed."""
        turn = self._queue(self.now + max(0.0, seconds))
        if self._next() is not turn:
            turn.wait()

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Run tasks at once, each in a thread, until all have ended."""
        threads = [threading.Thread(target=self._run, args=(task, self._queue(self.now))) for task in tasks]
        for thread in threads:
            thread.start()
        self._next()
        self._done.wait()
        for thread in threads:
            thread.join()
        if self._fault:
            raise self._fault

    def _run(self, task: Callable[[], None], turn: threading.Event) -> None:
        turn.wait()
        try:
            task()
        except BaseException as fault:
            self._fault = fault
        self._next()

    def _queue(self, at: float) -> threading.Event:
        turn = threading.Event()
        heapq.heappush(self._waiting, (at, next(self._numbers), turn))
        return turn

    def _next(self) -> threading.Event | None:
        """Let the one that waits for the earliest time run."""
        if not self._waiting:
            self._done.set()
            return None
        self.now, _, turn = heapq.heappop(self._waiting)
        turn.set()
        return turn
