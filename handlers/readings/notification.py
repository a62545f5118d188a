"""S3's notifications: which versions of which objects were created."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

REJECTED_PREFIX = "rejected/"


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One content of one key; `version_id` is None in a bucket without versions."""

    bucket: str
    key: str
    version_id: str | None
    etag: str

    def request(self) -> dict[str, str]:
        """Give the arguments of `get_object`."""
        version = {"VersionId": self.version_id} if self.version_id else {}
        return {"Bucket": self.bucket, "Key": self.key, **version}

    def metadata(self, number: int) -> dict[str, Any]:
        """Say where a reading came from; `number` counts within the object from 1."""
        version = {"version_id": self.version_id} if self.version_id else {}
        return {"object": self.key, "number": number, **version}


def created(event: Mapping[str, Any]) -> Iterator[ObjectVersion]:
    """Give the new objects of a notification; test events, removals and folders are none."""
    for record in event.get("Records", []):
        if not str(record.get("eventName", "")).startswith(("ObjectCreated:", "s3:ObjectCreated:")):
            continue
        s3 = record["s3"]
        key = unquote_plus(s3["object"]["key"])
        # What this function itself puts aside must never come back to it.
        if not key.endswith("/") and not key.startswith(REJECTED_PREFIX):
            yield ObjectVersion(
                s3["bucket"]["name"], key, s3["object"].get("versionId"), s3["object"].get("eTag", "")
            )
