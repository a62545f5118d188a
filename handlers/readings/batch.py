"""Batches: `{"readings": [...]}`, wherever readings come from."""

from typing import Any

from readings.reading import OWN_FIELDS, ReadingError


def documents(value: Any) -> list[Any] | None:
    """Give what a batch holds, None where a document is no batch; raise ReadingError.

    An object that is a reading as well would lose one of the two.
    """
    if not isinstance(value, dict) or "readings" not in value:
        return None
    if both := sorted(OWN_FIELDS & value.keys()):
        reason = f"{' and '.join(both)} must not stand beside readings: send a reading or a batch"
        raise ReadingError(reason, both[0])
    batch = value["readings"]
    if not isinstance(batch, list):
        raise ReadingError("readings must be a list of at least one reading", "readings")
    return batch
