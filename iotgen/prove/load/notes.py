"""What is noted while a load runs."""

from array import array
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Notes:
    """What happened, counted from `begin` on.

    `fresh` are the seconds from the arrival of readings to the end of the invocation that stored them, by
    function. `throttled` are counted by what throttled. `twice` are messages that were visible again while
    they were handled; `dead` those that used up their receives. Of
    `rows`, `unwritten` came when their table was throttled.
    """

    requests: int = 0
    refused: int = 0
    batches: int = 0
    delayed: int = 0
    dead: int = 0
    twice: int = 0
    largest: int = 0
    finished: int = 0
    rows: float = 0.0
    unwritten: float = 0.0
    longest: Counter[str] = field(default_factory=Counter)
    oldest: dict[str, float] = field(default_factory=dict)
    fresh: dict[str, "array[float]"] = field(default_factory=dict)
    throttled: Counter[str] = field(default_factory=Counter)

    def throttle(self, what: str) -> None:
        """Note that something is throttled."""
        self.throttled[what] += 1

    def store(self, function: str, seconds: float) -> None:
        """Note how fresh a row is."""
        self.fresh.setdefault(function, array("d")).append(seconds)

    def wait(self, queue: str, seconds: float) -> None:
        """Note how old a message was when it was done."""
        self.oldest[queue] = max(self.oldest.get(queue, 0.0), seconds)

    def begin(self) -> None:
        """Forget what came before."""
        self.requests = self.refused = self.batches = self.delayed = 0
        self.dead = self.twice = self.largest = self.finished = 0
        self.rows = self.unwritten = 0.0
        for one in (self.longest, self.oldest, self.fresh, self.throttled):
            one.clear()
