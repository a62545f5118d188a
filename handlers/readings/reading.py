"""One sensor reading: what makes it valid, what makes it the same as another, and its keys in the tables."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeGuard

from readings import exact_json, instant, schema

Value = Any  # int, Decimal, bool or str, as defined in readings.json

# The most that `limits.reading_bytes` may be set to.
LARGEST_BYTES = 128 * 1024

OWN_FIELDS = frozenset({"device_id", "timestamp", "event_id", "sensor_data"})
_HALF_A_PAIR = "half of a surrogate pair is not a character"
_DIGEST_BYTES = 16
_DIGEST = re.compile(r"[A-Za-z0-9_-]{22}")


class ReadingError(ValueError):
    """A reading that cannot be taken; the reason may go to the client."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True)
class Reading:
    """A valid reading.

    `timestamp` and `received_at` are milliseconds since the epoch. `identity` distinguishes events of one
    device and millisecond: the event id, and a digest of the content where the client chose the id, so that
    an id used again for other content is another event. `timed` is false where the client named no time, and
    the time of arrival stands in. `extra` holds the fields that the contract does not know. `ingested` is
    whether ingestion has stored it as it came.
    """

    device_id: str
    timestamp: int
    event_id: str
    identity: str
    sensor_data: Mapping[str, Value]
    received_at: int
    timed: bool = True
    clock_skew: bool = False
    extra: Mapping[str, Any] | None = None
    ingested: bool = False

    @property
    def sort_key(self) -> str:
        """The key by time in milliseconds: `001700000000000#e-1#<digest>`."""
        return f"{self.timestamp:015d}#{self.identity}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes the event one event, in any table."""
        return self.device_id, self.sort_key

    @property
    def event_date(self) -> str:
        """The key by date: `2023-11-14T22:13:20.000Z#e-1#<digest>`."""
        return f"{instant.iso(self.timestamp)}#{self.identity}"


def read(document: Any, received_at: int, max_bytes: int) -> Reading:
    """Make a reading of a client's parsed JSON; raise ReadingError."""
    _check(document)
    at = _microseconds(document.get("timestamp"))
    extra = {name: value for name, value in document.items() if name not in OWN_FIELDS}
    digest = _digest(document, at, extra, max_bytes)
    event_id = document.get("event_id")
    return Reading(
        device_id=document["device_id"],
        timestamp=received_at if at is None else at // 1000,
        event_id=event_id or digest,
        identity=_identity(event_id, digest),
        sensor_data=document["sensor_data"],
        received_at=received_at,
        timed=at is not None,
        extra=extra or None,
    )


def to_message(reading: Reading) -> dict[str, Any]:
    """Give a reading's form in the queue: the contract's, with time and identity fixed.

    SQS is paid by the 64 KB, so nothing is repeated.
    """
    digest = reading.identity.rpartition("#")[2]
    return {
        "device_id": reading.device_id,
        "timestamp": reading.timestamp,
        **({} if reading.event_id == digest else {"event_id": reading.event_id}),
        "sensor_data": reading.sensor_data,
        "received_at": reading.received_at,
        "digest": digest,
    }


def from_message(document: Any, sent_at: int) -> Reading:
    """Make a reading of a message's, whether ingestion or a person wrote it; raise ReadingError.

    One without a time happened when its message was sent, which redelivery does not change.
    """
    if not isinstance(document, dict) or "digest" not in document:
        return read(document, sent_at, LARGEST_BYTES)
    _check(document)
    _check_unicode(document)
    digest, event_id = document["digest"], document.get("event_id")
    timestamp, received_at = document.get("timestamp"), document.get("received_at")
    if not (_is_instant(timestamp) and _is_instant(received_at) and _is_digest(digest)):
        raise ReadingError("timestamp, received_at and digest are not as ingestion writes them")
    return Reading(
        device_id=document["device_id"],
        timestamp=timestamp,
        event_id=event_id or digest,
        identity=_identity(event_id, digest),
        sensor_data=document["sensor_data"],
        received_at=received_at,
        ingested=True,
    )


def _identity(event_id: str | None, digest: str) -> str:
    return f"{event_id}#{digest}" if event_id else digest


def _is_instant(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= instant.LATEST


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _check(document: Any) -> None:
    if not isinstance(document, dict):
        raise ReadingError("a reading must be an object")
    if "readings" in document:
        raise ReadingError("a reading must not hold readings", "readings")
    try:
        schema.check_reading(document)
    except schema.MismatchError as mismatch:
        raise ReadingError(mismatch.reason, mismatch.field) from None


def _check_unicode(document: Mapping[str, Any]) -> None:
    """Refuse texts that are no UTF-8: a table would refuse with them all that is written in the same call."""
    for text in (document["device_id"], document.get("event_id"), *document["sensor_data"].values()):
        if type(text) is str and not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise ReadingError(_HALF_A_PAIR) from None


def _microseconds(timestamp: int | str | None) -> int | None:
    if timestamp is None:
        return None
    if isinstance(timestamp, int):
        return timestamp * 1000
    try:
        return instant.microseconds(timestamp)
    except ValueError as error:
        raise ReadingError(f"timestamp: {error}", "timestamp") from None


def _digest(document: Mapping[str, Any], at: int | None, extra: Mapping[str, Any], max_bytes: int) -> str:
    content = [document["device_id"], at, document.get("event_id"), document["sensor_data"], extra]
    try:
        text = exact_json.dumps(content, sort_keys=True)
    except exact_json.JsonError as error:
        raise ReadingError(str(error)) from None
    if len(text) > max_bytes:
        raise ReadingError(f"a reading must not be larger than {max_bytes} bytes")
    if not exact_json.is_unicode(text):
        raise ReadingError(_HALF_A_PAIR)
    return urlsafe_b64encode(sha256(text.encode()).digest()[:_DIGEST_BYTES]).rstrip(b"=").decode()
