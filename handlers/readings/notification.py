"""S3's notifications: which versions of which objects were created."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

REJECTED_PREFIX = "rejected/"

_LONGEST_NAME = 100
_MOST_NAMES = 5


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


def created(event: Any) -> list[ObjectVersion]:
    """Give the new objects of a notification, without folders; raise ValueError for any other event.

    Answering such an event would lose it: Lambda takes a return for success. Only the event that S3 sends to
    test a new notification holds nothing to lose
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    """
    if isinstance(event, dict) and event.get("Event") == "s3:TestEvent":
        return []
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records:
        raise ValueError(f"the event is not an S3 notification but {_kind(event)}")
    versions = [_version(record) for record in records]
    return [version for version in versions if _is_input(version.key)]


def _version(record: Any) -> ObjectVersion:
    s3 = record.get("s3") if isinstance(record, dict) else None
    if not isinstance(s3, dict):
        raise ValueError(f"the event is not an S3 notification but holds {_kind(record)}")
    name = str(record.get("eventName"))
    if not name.startswith(("ObjectCreated:", "s3:ObjectCreated:")):
        raise ValueError(f"the notification is of `{name[:_LONGEST_NAME]}`, not of a created object")
    key = unquote_plus(s3["object"]["key"])
    return ObjectVersion(
        s3["bucket"]["name"], key, s3["object"].get("versionId"), s3["object"].get("eTag", "")
    )


def _is_input(key: str) -> bool:
    # What this function itself puts aside must never come back to it.
    return not key.endswith("/") and not key.startswith(REJECTED_PREFIX)


def _kind(event: Any) -> str:
    """Name what an event or a record is, without its content."""
    if not isinstance(event, dict):
        return f"a JSON value of type {type(event).__name__}"
    # SQS and S3 write `eventSource`, SNS writes `EventSource`, EventBridge `source`.
    source = event.get("eventSource") or event.get("EventSource") or event.get("source")
    if source:
        return f"a record of `{str(source)[:_LONGEST_NAME]}`"
    names = ", ".join(f"`{str(name)[:_LONGEST_NAME]}`" for name in list(event)[:_MOST_NAMES])
    return f"an object with {names or 'nothing in it'}"
