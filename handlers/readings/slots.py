"""When a topic may be notified, over all containers: one small item, which each of them moves on by one turn.

SNS deactivates a mail address that gets more than ten messages a second, and people read fewer than that:
https://repost.aws/knowledge-center/sns-email-subscription-disabled
A turn is taken before it is due, and whoever takes it waits until then. So containers that come at once take
turns one after the other, or learn at once that the minute's are used up; none asks again and again.

Between two turns lie SPACING_MS by the clocks of those who take them. Where two clocks differ by d ms, a
second has at most (1000 + d) / SPACING_MS + 1 notifications; and a minute, as the clocks show it, at most
PER_MINUTE. That is when they are published: SNS may take longer for one than for the next.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from readings.alert_memory import AlertMemory, Turn
from readings.aws_errors import BusyError
from readings.backoff import Backoff
from readings.table import Table

SPACING_MS = 400
PER_MINUTE = 10
STORMS_PER_MINUTE = 1
# Each attempt that fails is a turn of another container's: so many use up two minutes.
ATTEMPTS = 2 * PER_MINUTE + 1

# What SNS may take, see `services`; the rest is the invocation's own reserve.
_PUBLISH_SECONDS = 1.5
_MINUTE_MS = 60_000
# A turn further ahead is of a clock that is wrong: to wait for it would silence the topic.
_FURTHEST_MS = 60_000
_DAY_SECONDS = 86_400
_FREE = "attribute_not_exists(device_id)"


@dataclass(frozen=True, slots=True)
class Slot:
    """A turn that has come: is it the minute's last, and which storm is still owed to the topic."""

    last: bool
    owed: str


@dataclass(frozen=True, slots=True)
class Slots:
    """The turns of a table's topic."""

    table: Table
    memory: AlertMemory
    backoff: Backoff
    now: Callable[[], int]

    def take(self, *, storm: bool) -> Slot | None:
        """Wait for a turn; None when this minute has none left. Raise BusyError when it comes too late."""
        before, after = self._move(lambda seen: self._following(seen, storm))
        if after is None:
            return None
        if after.at > self.now():
            self.backoff.sleep((after.at - self.now()) / 1000)
        return Slot(after.taken == PER_MINUTE, before.owed if before else "")

    def owe(self, since: str) -> None:
        """Leave it to the next notification to name a storm that nobody could be notified of."""
        self._move(lambda seen: _owing(seen or Turn(0, self.now(), 0, 0), since))

    def _move(self, follow: Callable[[Turn | None], Turn | None]) -> tuple[Turn | None, Turn | None]:
        """Replace the item by what follows it; give both, the latter None where nothing follows."""
        seen = self.memory.turns.get(self.table.name)
        for _ in range(ATTEMPTS):
            turn = follow(seen)
            if turn is None:
                return seen, None
            there = self._put(turn, seen)
            newest = turn if there is None else _read(there)
            self.memory.turns[self.table.name] = newest
            if there is None:
                return seen, turn
            seen = newest
        raise BusyError("other containers took each turn to notify")

    def _following(self, seen: Turn | None, storm: bool) -> Turn | None:
        now = self.now()
        if seen is None or seen.at > now + _FURTHEST_MS:
            return Turn(seen.number + 1 if seen else 1, now, 1, int(storm))
        at = max(now, seen.at + SPACING_MS)
        fresh_minute = at // _MINUTE_MS != seen.at // _MINUTE_MS
        taken = 1 if fresh_minute else seen.taken + 1
        storms = int(storm) + (0 if fresh_minute else seen.storms)
        if taken > PER_MINUTE or (storm and storms > STORMS_PER_MINUTE):
            return None
        if at - now > (self.backoff.time_left() - _PUBLISH_SECONDS) * 1000:
            raise BusyError("the turn to notify comes after the time is up")
        return Turn(seen.number + 1, at, taken, storms)

    def _put(self, turn: Turn, seen: Turn | None) -> dict[str, Any] | None:
        item = {
            "device_id": "alerts#slots",
            self.table.sort_key: "turn",
            "number": turn.number,
            "at": turn.at,
            "taken": turn.taken,
            "storms": turn.storms,
            "owed": turn.owed,
            "expires_at": turn.at // 1000 + _DAY_SECONDS,
        }
        if seen is None:
            return self.table.put_if(item, _FREE, {}, {})
        condition = f"{_FREE} OR #number = :number"
        return self.table.put_if(item, condition, {"#number": "number"}, {":number": seen.number})


def _owing(turn: Turn, since: str) -> Turn:
    return replace(turn, number=turn.number + 1, owed=turn.owed or since)


def _read(item: dict[str, Any]) -> Turn:
    number, at, taken, storms = (int(item[name]) for name in ("number", "at", "taken", "storms"))
    return Turn(number, at, taken, storms, str(item["owed"]))
