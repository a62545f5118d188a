"""The items that readings become, and what the API shows of them.

Rows expire so many days after they were stored, by the same attribute as the notes of alerts and arrivals.
The reading's own time does not count: a late reading is kept as long as any other.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from readings import exact_json, instant
from readings.reading import Reading

# Rounds where nine fifths of a very long number have more digits than a table can hold.
_DAY_SECONDS = 86_400
_ARITHMETIC = Context(prec=exact_json.MAX_DIGITS)


def raw(reading: Reading, retention_days: int | None = None) -> dict[str, Any]:
    """Make the item of `raw-sensor-data`: the reading as it came."""
    return {
        "device_id": reading.device_id,
        "timestamp": reading.sort_key,
        "event_id": reading.event_id,
        "sensor_data": reading.sensor_data,
        "received_at": reading.received_at,
        **({"clock_skew": True} if reading.clock_skew else {}),
        **({"extra": exact_json.dumps(reading.extra)} if reading.extra else {}),
        **expiry(reading.received_at, retention_days),
    }


def processed(
    reading: Reading,
    now: int,
    device: Mapping[str, Any] | None = None,
    retention_days: int | None = None,
) -> dict[str, Any]:
    """Make the item of `processed-data`; `device` is what the registry knows of the device."""
    return {
        "device_id": reading.device_id,
        "event_date": reading.event_date,
        "timestamp": reading.timestamp,
        **_measured(reading, now),
        **({"device": device} if device else {}),
        **expiry(now, retention_days),
    }


def event(
    reading: Reading, now: int, metadata: Mapping[str, Any], retention_days: int | None = None
) -> dict[str, Any]:
    """Make the item of `sensor-events`; `metadata` names the object that the reading came from."""
    return {
        "device_id": reading.device_id,
        "timestamp": reading.sort_key,
        "event_date": instant.iso(reading.timestamp),
        **_measured(reading, now),
        "metadata": metadata,
        **expiry(now, retention_days),
    }


@lru_cache(maxsize=1)
def expiry(now: int, retention_days: int | None) -> Mapping[str, int]:
    """Give the attribute by which DynamoDB deletes an item, in seconds; nothing where it is kept for ever.

    It is the same for all readings of an invocation.
    """
    return {"expires_at": now // 1000 + retention_days * _DAY_SECONDS} if retention_days else {}


def is_expired(item: Mapping[str, Any], now: int) -> bool:
    """Whether an item's time is over: DynamoDB deletes it within a few days of that, not at once."""
    return "expires_at" in item and item["expires_at"] * 1000 <= now


def shown(item: Mapping[str, Any]) -> dict[str, Any]:
    """Give the API's form of a processed item."""
    return {name: value for name, value in item.items() if name != "expires_at"}


def shown_raw(item: Mapping[str, Any]) -> dict[str, Any]:
    """Give the API's form of a raw item: its timestamp is a number again."""
    raw = {**shown(item), "timestamp": int(item["timestamp"].partition("#")[0])}
    if "extra" in raw:
        raw["extra"] = exact_json.loads(raw["extra"])
    return raw


def _measured(reading: Reading, now: int) -> dict[str, Any]:
    return {
        "event_id": reading.event_id,
        **reading.sensor_data,
        **_temperatures(reading.sensor_data.get("temperature")),
        "received_at": reading.received_at,
        "processed_at": _processed_at(now),
        "status": "processed",
        **({"clock_skew": True} if reading.clock_skew else {}),
    }


@lru_cache(maxsize=1)
def _processed_at(now: int) -> str:
    """The same for all readings of an invocation."""
    return instant.iso(now)


def _temperatures(celsius: int | Decimal | None) -> dict[str, Decimal | int]:
    if celsius is None:
        return {}
    fahrenheit = _ARITHMETIC.divide(_ARITHMETIC.multiply(celsius, 9), 5)
    return {
        "temperature_celsius": celsius,
        "temperature_fahrenheit": _ARITHMETIC.add(fahrenheit, 32).normalize(_ARITHMETIC),
    }
