"""Notifications of crossings: few by name, many in a list; each in its turn. See `alerts`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from readings import alert_message, instant, storm
from readings.alert_memory import AlertMemory
from readings.alert_message import MOST_NAMED, Notification
from readings.aws_errors import BusyError
from readings.backoff import Backoff
from readings.claims import Claims, Standing
from readings.slots import Slots
from readings.table import Key, Table
from readings.thresholds import Crossing, Subject

FEW = MOST_NAMED

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many notifications went out, how many crossings were listed, and the readings to come back for.

    `named` are the crossings that a notification was of, without those of a storm.
    """

    sent: int = 0
    listed: int = 0
    failed: dict[Key, Exception] = field(default_factory=dict)
    named: Sequence[Crossing] = ()


@dataclass(frozen=True, slots=True)
class Notifier:
    """The notifications of one invocation; `holder` names it, `lease_until` is when it has ended for certain.

    `returning` is whether its readings come again by themselves where the notification failed.
    """

    table: Table
    publish: Callable[[Notification], None]
    memory: AlertMemory
    backoff: Backoff
    now: Callable[[], int]
    holder: str
    lease_until: int
    returning: bool

    def notify(self, crossings: Iterable[Crossing], cooldown_seconds: int) -> Outcome:
        """Notify of crossings, or list them."""
        now = self.now()
        fresh = self._fresh(crossings, now)
        if not fresh:
            return Outcome()
        quiet_until = now + cooldown_seconds * 1000
        if len(fresh) > FEW:
            return self._storm([subject[0] for subject in fresh], quiet_until)
        claims = Claims(
            self.table,
            self.memory,
            self.backoff,
            self.holder,
            now,
            self.lease_until,
            quiet_until,
            self.returning,
        )
        return self._few(fresh, claims)

    def _fresh(self, crossings: Iterable[Crossing], now: int) -> list[list[Crossing]]:
        """Give the crossings of each subject, oldest first, at most two that may need a notification.

        A second matters where the first turns out to have been notified of long ago.
        """
        subjects: dict[Subject, list[Crossing]] = {}
        for crossing in sorted(crossings, key=lambda crossing: crossing.sort_key):
            if not self.memory.covers(crossing, now):
                same = subjects.setdefault(crossing.subject, [])
                if len(same) < 2 and (not same or same[0].sort_key != crossing.sort_key):
                    same.append(crossing)
        return list(subjects.values())

    def _few(self, fresh: Sequence[Sequence[Crossing]], claims: Claims) -> Outcome:
        ours, failed = self._claim(fresh, claims)
        if not ours:
            return Outcome(failed=failed)
        try:
            sent = self._notify(ours)
        except Exception as error:
            claims.give_back(ours)
            return Outcome(failed=failed | failures(ours, error))
        if sent:
            claims.mark_sent(ours)
            return Outcome(sent=1, failed=failed, named=ours)
        listed, unlisted = self._list(ours, self.now())
        claims.mark_sent(listed)
        claims.give_back(set(ours) - set(listed))
        return Outcome(listed=len(listed), failed=failed | unlisted)

    def _claim(
        self, fresh: Sequence[Sequence[Crossing]], claims: Claims
    ) -> tuple[list[Crossing], dict[Key, Exception]]:
        """Give the crossings to notify of, and the readings to come back for."""
        ours: list[Crossing] = []
        failed: dict[Key, Exception] = {}
        for subject in fresh:
            try:
                if self.backoff.time_left() <= 0:
                    raise BusyError("the time was up before the crossing was claimed")
                crossing, standing = claims.take(subject)
            except Exception as error:
                failed |= failures(subject, error)
                continue
            if standing is Standing.OURS:
                ours.append(crossing)
            elif standing is Standing.HELD:
                failed[crossing.reading] = BusyError("another invocation is notifying of it")
        return ours, failed

    def _storm(self, fresh: Sequence[Crossing], quiet_until: int) -> Outcome:
        now = self.now()
        listed, failed = self._list(fresh, now)
        sent = False
        if listed:
            try:
                sent = self._notify(listed, now)
            except Exception as error:
                # The oldest is enough to bring a notification about: the list has them all.
                failed[min(listed, key=lambda crossing: crossing.sort_key).reading] = error
        for crossing in listed:
            if crossing.reading not in failed:
                self.memory.remember(crossing, quiet_until, crossing.sort_key)
        return Outcome(int(sent), len(listed), failed)

    def _list(self, fresh: Sequence[Crossing], now: int) -> tuple[list[Crossing], dict[Key, Exception]]:
        """Write crossings into rows; give what is listed, and the readings to come back for."""
        rows = list(storm.rows(fresh, self.table.sort_key, now))
        unwritten = self.table.put_all([item for item, _ in rows], self.backoff)
        listed: list[Crossing] = []
        failed: dict[Key, Exception] = {}
        for item, part in rows:
            if error := unwritten.get(self.table.key(item)):
                failed |= failures(part, error)
            else:
                listed += part
        return listed, failed

    def _notify(self, crossings: Sequence[Crossing], listed_at: int | None = None) -> bool:
        """Send one notification, of a storm when it is listed; False when this minute has no slot left."""
        turns = Slots(self.table, self.memory, self.backoff, self.now)
        slot = turns.take(storm=listed_at is not None)
        if slot is None:
            return False
        since = slot.owed or (_minute(listed_at) if listed_at is not None else "")
        try:
            self.publish(alert_message.of(crossings, self._lists(since, last=slot.last)))
        except Exception:
            if since:
                turns.owe(since)
            raise
        return True

    def _lists(self, since: str, *, last: bool) -> Mapping[str, str]:
        """Give the place of listed crossings that the notification does not name, if there may be any."""
        if not since and not last:
            return {}
        # A minute earlier, for clocks that differ.
        since = since or _minute(self.now() - _MINUTE_MS)
        return {"table": self.table.name, "device_id": storm.PARTITION, "from": since}


def failures(crossings: Iterable[Crossing], error: Exception) -> dict[Key, Exception]:
    """Let the readings of crossings come back for one reason."""
    return {crossing.reading: error for crossing in crossings}


def _minute(milliseconds: int) -> str:
    return instant.iso(milliseconds)[: len("2024-01-15T10:00")]
