"""Notifications of crossed thresholds: once for a reading, and not again while the sensor cools down.

The state is one small item for each device, sensor and bound, under a partition key that no device can have.
It is claimed before the notification goes out and marked as sent after it: when the notification fails, the
same reading, and only that one, may claim it again, so a retry completes what is missing. Only a crash or
a lost answer between the notification and the mark can notify twice; SNS has no way to tell.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from readings import exact_json, instant
from readings.backoff import Backoff
from readings.config import Config
from readings.reading import Reading
from readings.table import Key, Table
from readings.thresholds import Crossing, crossings

_CLAIM = (
    "attribute_not_exists(device_id)"
    " OR (quiet_until <= :now AND reading <> :reading)"
    " OR (reading = :reading AND sent = :no)"
)
_DAY_SECONDS = 86_400
_MOST_REMEMBERED = 10_000

# (partition key, sort key) of a state item -> (quiet until, the reading that notified)
Quiet = dict[Key, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Alerts:
    """Notifies a topic. `quiet` remembers between invocations what the table would say, to save asking it."""

    table: Table
    sns: Callable[[], Any]
    topic: Callable[[], str]
    quiet: Quiet
    backoff: Backoff

    def watch(
        self, readings: Iterable[Reading], config: Config, now: int
    ) -> tuple[int, dict[Key, Exception]]:
        """Notify of what readings cross, oldest first.

        Give how many notifications went out, and the readings to come back for, with the reason.
        """
        crossed = {
            (reading.key, crossing.sensor, crossing.bound): crossing
            for reading in readings
            for crossing in crossings(reading, config.thresholds)
        }
        sent = 0
        failed: dict[Key, Exception] = {}
        for crossing in sorted(crossed.values(), key=lambda crossing: crossing.reading.sort_key):
            try:
                sent += self._notify(crossing, now, now + config.cooldown_seconds * 1000)
            except (BotoCoreError, ClientError) as error:
                failed[crossing.reading.key] = error
        return sent, failed

    def _notify(self, crossing: Crossing, now: int, quiet_until: int) -> bool:
        state = self._state(crossing, quiet_until)
        key, reading = self.table.key(state), state["reading"]
        known_until, by = self.quiet.get(key, (0, ""))
        if now < known_until and by != reading:
            return False
        there = self.table.put_if(state, _CLAIM, {}, {":now": now, ":reading": reading, ":no": False})
        if there:
            self._remember(key, int(there["quiet_until"]), there["reading"])
            return False
        self.sns().publish(TopicArn=self.topic(), Subject=_subject(crossing), Message=_message(crossing))
        self._remember(key, quiet_until, reading)
        # A mark that fails must not bring the message back: that would repeat the notification for certain.
        self.table.put_all([{**state, "sent": True}], self.backoff)
        return True

    def _state(self, crossing: Crossing, quiet_until: int) -> dict[str, Any]:
        return {
            "device_id": f"alert#{crossing.reading.device_id}",
            self.table.sort_key: f"{crossing.sensor}#{crossing.bound}",
            "reading": crossing.reading.sort_key,
            "quiet_until": quiet_until,
            "sent": False,
            "expires_at": quiet_until // 1000 + _DAY_SECONDS,
        }

    def _remember(self, key: Key, quiet_until: int, reading: str) -> None:
        if len(self.quiet) >= _MOST_REMEMBERED:
            self.quiet.clear()
        self.quiet[key] = quiet_until, reading


def _subject(crossing: Crossing) -> str:
    return f"{crossing.sensor} {'above' if crossing.bound == 'max' else 'below'} its limit"


def _message(crossing: Crossing) -> str:
    reading = crossing.reading
    return exact_json.dumps(
        {
            "device_id": reading.device_id,
            "sensor": crossing.sensor,
            "value": crossing.value,
            "bound": crossing.bound,
            "limit": crossing.limit,
            "time": instant.iso(reading.timestamp),
            "event_id": reading.event_id,
        }
    )
