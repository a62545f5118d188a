"""What is due when, in seconds."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

Action = Callable[[], Any]


class Clock:
    """The time, and what is planned, in the order in which it was planned where the time is the same."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Action]] = []
        self._planned = 0

    def after(self, delay: float, action: Action) -> None:
        """Plan an action `delay` seconds from now."""
        self._planned += 1
        heappush(self._due, (self.now + delay, self._planned, action))

    def run(self, until: float, stop: Callable[[], bool]) -> None:
        """Let time pass until then, or until it shall stop."""
        due = self._due
        while due and due[0][0] <= until and not stop():
            self.now, _, action = heappop(due)
            action()
        self.now = max(self.now, until) if not stop() else self.now


class Bucket:
    """A token bucket: so many a second, and so many at once."""

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock, self._rate, self._burst = clock, rate, burst
        self._tokens, self._at = burst, 0.0

    def take(self) -> bool:
        """Take a token, if there is one."""
        now = self._clock.now
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
