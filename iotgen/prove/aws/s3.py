"""Buckets as S3 keeps them: objects in versions, and notifications of them.

A reader without permission to list the bucket gets a 403 for an object that is not there:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from iotgen.prove.aws.errors import refusal
from iotgen.prove.kernel import SECOND


@dataclass(frozen=True, slots=True)
class Version:
    """One content of an object."""

    id: str
    content: bytes
    at: int

    @property
    def etag(self) -> str:
        """The digest of the content."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass
class Bucket:
    """A bucket; `versions` has each object's, newest last. `created` is called for each new one."""

    name: str
    versioned: bool
    versions: dict[str, list[Version]] = field(default_factory=dict)
    created: Callable[[str, Version], None] = lambda _key, _version: None


@dataclass
class S3:
    """The buckets of an account. `epoch` is the time of its beginning, in seconds since 1970."""

    buckets: dict[str, Bucket]
    now: Callable[[], int]
    number: Callable[[], str]
    epoch: int

    def put_object(self, **given: Any) -> Any:
        """Write an object, as a new version."""
        bucket = self._bucket("PutObject", given)
        body = given.get("Body", b"")
        content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
        version = Version(self.number(), content, self.now())
        bucket.versions.setdefault(given["Key"], []).append(version)
        bucket.created(given["Key"], version)
        return {"ETag": f'"{version.etag}"', **({"VersionId": version.id} if bucket.versioned else {})}

    def get_object(self, **given: Any) -> Any:
        """Read an object, or one version of it."""
        bucket = self._bucket("GetObject", given)
        version = self._version(bucket, given)
        return {
            "Body": Body(version.content),
            "ContentLength": len(version.content),
            "ETag": f'"{version.etag}"',
            "LastModified": datetime.fromtimestamp(self.epoch + version.at // SECOND, UTC),
            **({"VersionId": version.id} if bucket.versioned else {}),
        }

    def head_object(self, **given: Any) -> Any:
        """What is known of an object, without its content."""
        return {name: value for name, value in self.get_object(**given).items() if name != "Body"}

    def delete_object(self, **given: Any) -> Any:
        """Delete an object, whether it is there or not."""
        self._bucket("DeleteObject", given).versions.pop(given["Key"], None)
        return {}

    def list_objects_v2(self, **given: Any) -> Any:
        """The objects under a prefix."""
        bucket = self._bucket("ListObjectsV2", given)
        keys = sorted(key for key in bucket.versions if key.startswith(given.get("Prefix") or ""))
        contents = [{"Key": key, "Size": len(bucket.versions[key][-1].content)} for key in keys]
        return {"KeyCount": len(keys), "IsTruncated": False, **({"Contents": contents} if contents else {})}

    def _version(self, bucket: Bucket, given: Mapping[str, Any]) -> Version:
        versions = bucket.versions.get(given["Key"], [])
        wanted = given.get("VersionId")
        for version in reversed(versions):
            if wanted in (None, version.id):
                return version
        raise refusal("GetObject", "AccessDenied", "Access Denied", 403)

    def _bucket(self, operation: str, given: Mapping[str, Any]) -> Bucket:
        bucket = self.buckets.get(given["Bucket"])
        if bucket is None:
            raise refusal(operation, "NoSuchBucket", "The specified bucket does not exist", 404)
        return bucket


class Body:
    """The content of an object as boto3 gives it."""

    def __init__(self, content: bytes) -> None:
        self._stream = BytesIO(content)

    def read(self, amt: int | None = None) -> bytes:
        """Read some bytes, all by default."""
        return self._stream.read(amt)

    def iter_lines(self, *_: Any, **__: Any) -> Any:
        """Each line, without its end."""
        return iter(self._stream.read().splitlines())

    def iter_chunks(self, chunk_size: int = 1024) -> Any:
        """The bytes in parts."""
        return iter(lambda: self._stream.read(chunk_size), b"")

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> "Body":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __iter__(self) -> Any:
        return self.iter_chunks()
