"""Work that ends in time: what takes longer is left behind in its thread, and its result is dropped.

The timeouts of a socket do not do this: each byte starts them anew, and looking up a host has none.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """Runs one piece of work at a time, with a deadline."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Give what the work gives, or raise what it raises; raise TimeoutError after so many seconds.

        While work that was left behind still runs, no other begins: no more than one thread is ever lost.
        """
        if self._thread and self._thread.is_alive():
            raise TimeoutError("earlier work has not ended yet")
        outcome: Future[T] = Future()

        def attempt() -> None:
            try:
                outcome.set_result(work())
            except Exception as error:
                outcome.set_exception(error)

        thread = Thread(target=attempt, daemon=True)
        thread.start()
        try:
            return outcome.result(timeout=seconds)
        finally:
            self._thread = None if outcome.done() else thread
