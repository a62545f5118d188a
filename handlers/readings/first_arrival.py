"""The time of a reading whose device named none: that of its first arrival, also for its retries.

Without it a retry would get a time of its own and so a second row. The first arrival leaves a small item
under a partition key that no device can have, in the table that all ways of a pipeline lead to: so a reading
that is sent to /ingest and to /process is one event.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from readings import items
from readings.aws_errors import BusyError
from readings.config import Config
from readings.reading import Reading
from readings.table import Table

_FREE = "attribute_not_exists(device_id)"


def settle(
    readings: Iterable[Reading], table: Table, config: Config, time_left: Callable[[], float]
) -> list[Reading]:
    """Give each untimed reading the time at which it first arrived; raise BusyError when the time is up.

    A reading with an event id of the client's own is the same as long as it is kept; one without is the same
    for the retry window, since a device may well measure the same twice.
    """
    known: dict[tuple[str, str], int] = {}
    settled = []
    for reading in readings:
        if not reading.timed:
            key = reading.device_id, reading.identity
            if time_left() <= 0:
                raise BusyError("the arrival of some readings could not be noted in time")
            if key not in known:
                known[key] = _first_arrival(reading, table, config)
            reading = replace(reading, timestamp=known[key])
        settled.append(reading)
    return settled


def _first_arrival(reading: Reading, table: Table, config: Config) -> int:
    item = {
        "device_id": f"arrival#{reading.device_id}",
        table.sort_key: reading.identity,
        "arrived_at": reading.received_at,
    }
    if reading.event_id != reading.identity:
        item |= items.expiry(reading.received_at, config.retention_days)
        there = table.put_if(item, _FREE, {}, {})
    else:
        now = reading.received_at // 1000
        item["expires_at"] = now + config.limits.retry_window_seconds
        there = table.put_if(item, f"{_FREE} OR expires_at <= :now", {}, {":now": now})
    return int(there["arrived_at"]) if there else reading.received_at
