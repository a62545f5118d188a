"""From a request's JSON to readings: each valid one, and for each other its index and the reason."""

from collections.abc import Sequence
from typing import Any

from readings import clock_skew, http
from readings.config import Config
from readings.invocation import Invocation
from readings.reading import Reading, ReadingError, read

Rejection = dict[str, Any]  # {"index": int, "error": str}


def take(documents: Sequence[Any], invocation: Invocation) -> tuple[list[Reading], list[Rejection]]:
    """Read a batch's items, all of them, whatever is wrong with some."""
    taken: list[Reading] = []
    rejected: list[Rejection] = []
    config = invocation.config()
    for index, document in enumerate(documents):
        try:
            taken.append(_take(document, invocation.started, config))
        except ReadingError as invalid:
            rejected.append({"index": index, "error": invalid.reason})
            invocation.reject(document)
    return taken, rejected


def take_one(document: Any, invocation: Invocation) -> Reading:
    """Read a request's single reading; raise RequestError."""
    try:
        return _take(document, invocation.started, invocation.config())
    except ReadingError as invalid:
        invocation.reject(document)
        details = [{"field": invalid.field, "reason": invalid.reason}]
        raise http.RequestError(400, "invalid_reading", invalid.reason, details) from None


def _take(document: Any, received_at: int, config: Config) -> Reading:
    reading = read(document, received_at, config.limits.reading_bytes)
    return clock_skew.judge(reading, config.clock)
