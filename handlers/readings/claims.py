"""Who notifies of a crossing: one small item for each device, sensor and bound, claimed on a condition.

A claim is a lease. It is made before the notification goes out, marked as sent after it, and given back
when the notification failed. While it lasts nobody else notifies; it ends with the invocation that made it,
which is before SQS delivers the message again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from readings.alert_memory import AlertMemory
from readings.backoff import Backoff
from readings.table import Table
from readings.thresholds import Crossing

# The last two: the invocation that claimed it failed or was ended before it could notify.
_CLAIM = (
    "attribute_not_exists(device_id)"
    " OR (quiet_until <= :now AND reading <> :reading)"
    " OR (sent = :no AND claimed_until <= :now)"
    " OR (sent = :no AND attribute_not_exists(claimed_until))"
)
_DAY_SECONDS = 86_400


class Standing(Enum):
    """What came of a claim."""

    OURS = auto()
    HELD = (
        auto()
    )  # by another invocation, which may yet fail: for the same reading, or for one that does not return
    COVERED = auto()  # by another reading, which was notified of or comes again until it is
    DONE = auto()  # this very reading was notified of, so long ago that a newer one may be


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one invocation, known by its `holder`; times are milliseconds since the epoch.

    `returning` is whether its readings come again by themselves where the notification failed.
    """

    table: Table
    memory: AlertMemory
    backoff: Backoff
    holder: str
    now: int
    lease_until: int
    quiet_until: int
    returning: bool

    def take(self, crossings: Sequence[Crossing]) -> tuple[Crossing, Standing]:
        """Claim the first of a subject's crossings that may be; give it, and what came of it."""
        standing = Standing.COVERED
        for crossing in crossings:
            standing = self._take(crossing)
            if standing is not Standing.DONE:
                break
        return crossing, standing

    def mark_sent(self, crossings: Iterable[Crossing]) -> None:
        """Note that a notification went out.

        Where that fails nothing comes back for it: that would repeat the notification for certain.
        """
        notified = list(crossings)
        for crossing in notified:
            self.memory.remember(crossing, self.quiet_until, crossing.sort_key)
        self.table.put_all([self._state(crossing, sent=True) for crossing in notified], self.backoff)

    def give_back(self, crossings: Iterable[Crossing]) -> None:
        """End leases: the next to come may claim."""
        free = [{**self._state(crossing, sent=False), "claimed_until": 0} for crossing in crossings]
        self.table.put_all(free, self.backoff)

    def _take(self, crossing: Crossing) -> Standing:
        state = {
            **self._state(crossing, sent=False),
            "claimed_until": self.lease_until,
            "holder": self.holder,
            "returning": self.returning,
        }
        values = {":now": self.now, ":reading": crossing.sort_key, ":no": False}
        there = self.table.put_if(state, _CLAIM, {}, values)
        # Ours where the answer to a first attempt was lost.
        if there is None or there.get("holder") == self.holder:
            return Standing.OURS
        if there["sent"]:
            self.memory.remember(crossing, int(there["quiet_until"]), there["reading"])
            return Standing.COVERED if there["quiet_until"] > self.now else Standing.DONE
        trusted = there["reading"] != crossing.sort_key and there.get("returning", True)
        return Standing.COVERED if trusted else Standing.HELD

    def _state(self, crossing: Crossing, *, sent: bool) -> dict[str, Any]:
        return {
            "device_id": f"alert#{crossing.device_id}",
            self.table.sort_key: f"{crossing.sensor}#{crossing.bound}",
            "reading": crossing.sort_key,
            "quiet_until": self.quiet_until,
            "sent": sent,
            "expires_at": self.quiet_until // 1000 + _DAY_SECONDS,
        }
