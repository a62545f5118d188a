"""What a container remembers of alerts between invocations, to save asking the table."""

from dataclasses import dataclass, field

from readings.thresholds import Crossing, Subject

# Some 20 MB, of the 256 that the smallest function has.
_MOST_SUBJECTS = 50_000


@dataclass(frozen=True, slots=True)
class Turn:
    """The newest notification that a topic is known to have had: see `slots`.

    `number` counts turns, `at` is when the notification goes out. `taken` and `storms` count the
    notifications, and those of storms, in the minute of `at`. `owed` is when a storm began that nobody
    could be notified of.
    """

    number: int
    at: int
    taken: int
    storms: int
    owed: str = ""


@dataclass(slots=True)
class AlertMemory:
    """Which alerts cool down, and whose turn it was to notify, by the partition key of that item."""

    turns: dict[str, Turn] = field(default_factory=dict)
    _notified: dict[Subject, tuple[int, str]] = field(default_factory=dict)

    def covers(self, crossing: Crossing, now: int) -> bool:
        """Whether a crossing needs no alert: its sensor cools down, or it was itself notified of."""
        quiet_until, reading = self._notified.get(crossing.subject, (0, ""))
        return now < quiet_until or crossing.sort_key == reading

    def remember(self, crossing: Crossing, quiet_until: int, reading: str) -> None:
        """Keep that `reading` was alerted of, and that its sensor is quiet until then."""
        if len(self._notified) >= _MOST_SUBJECTS:
            self._notified.clear()
        self._notified[crossing.subject] = quiet_until, reading
