"""Waiting between attempts: full jitter, and never past the time that the invocation has left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BASE = 0.05
_LONGEST = 2.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """How to wait. `sleep` takes seconds, `jitter` gives 0 to 1, `time_left` the seconds that may be used."""

    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    time_left: Callable[[], float]

    def attempts(self) -> Iterator[int]:
        """Yield attempt numbers, pausing between them; end when the next pause would use up the time."""
        attempt = 0
        while True:
            yield attempt
            pause = self.jitter() * min(_LONGEST, _BASE * 2**attempt)
            attempt += 1
            if self.time_left() <= pause:
                return
            self.sleep(pause)
