"""What could not be taken from an object, put aside in the same bucket with the reasons, as JSON Lines."""

from hashlib import sha256
from typing import Any

from readings import exact_json
from readings.notification import REJECTED_PREFIX, ObjectVersion
from readings.object_content import Entry

_PART_BYTES = 4 * 1024 * 1024
_LONGEST_KEY = 800


class Rejects:
    """Collects an object's bad entries and writes them in parts.

    A part's key follows from the object's version and the part's first entry, so that doing it again writes
    the same parts.
    """

    def __init__(self, s3: Any, version: ObjectVersion) -> None:
        self._s3, self._version = s3, version
        self._lines: list[str] = []
        self._size = 0
        self._first = 0

    def add(self, entry: Entry, reason: str) -> None:
        """Put an entry aside."""
        line = _line(entry, reason)
        self._first = self._first or entry.number
        self._lines.append(line)
        self._size += len(line)
        if self._size >= _PART_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what was collected."""
        if self._lines:
            body = "".join(f"{line}\n" for line in self._lines)
            self._s3.put_object(
                Bucket=self._version.bucket,
                Key=self._key(),
                Body=body.encode(),
                ContentType="application/x-ndjson",
            )
        self._lines, self._size, self._first = [], 0, 0

    def _key(self) -> str:
        key = self._version.key
        if len(key.encode()) > _LONGEST_KEY:
            key = sha256(key.encode()).hexdigest()
        version = self._version.version_id or self._version.etag
        return f"{REJECTED_PREFIX}{key}/{version}/{self._first:09d}.jsonl"


def _line(entry: Entry, reason: str) -> str:
    facts = {"number": entry.number, "reason": reason}
    if entry.problem:
        return exact_json.dumps({**facts, "content": entry.content.decode("utf-8", "backslashreplace")})
    try:
        return exact_json.dumps({**facts, "document": entry.document})
    except exact_json.JsonError:
        return exact_json.dumps(facts)  # too deep to be written again; the number leads to it
