"""Where the records are: beside Terraform's state, so that whoever has the one has the other."""

import os
from pathlib import Path
from typing import Any, Protocol

from iotgen.errors import RemoteError
from iotgen.system import explained


class Store(Protocol):
    """Files by name."""

    def names(self) -> list[str]:
        """All names, sorted."""
        ...

    def get(self, name: str) -> bytes | None:
        """The content of a file, None if it does not exist."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Write a file; IotgenError if that is refused."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file, if it exists."""
        ...


class FolderStore:
    """A folder, readable by its owner only: a spec may say more than others should know."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """All names, sorted."""
        with explained("read", self.folder):
            paths = self.folder.iterdir() if self.folder.is_dir() else ()
            return sorted(path.name for path in paths if not path.name.startswith("."))

    def get(self, name: str) -> bytes | None:
        """The content of a file, None if it does not exist."""
        path = self.folder / name
        with explained("read", path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole, or not at all."""
        path, written = self.folder / name, self.folder / f".{name}.new"
        with explained("write", path):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
            written.replace(path)

    def remove(self, name: str) -> None:
        """Remove a file, if it exists."""
        with explained("remove", self.folder / name):
            (self.folder / name).unlink(missing_ok=True)


class BucketStore:
    """A prefix of the bucket that has Terraform's state; the state's role needs the same actions there."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3, self._bucket, self._prefix = s3, bucket, prefix

    def names(self) -> list[str]:
        """All names, sorted."""
        with self._refusals("list"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return sorted(key.removeprefix(self._prefix) for key in keys)

    def get(self, name: str) -> bytes | None:
        """The content of an object, None if it does not exist."""
        from botocore.exceptions import ClientError

        with self._refusals("read"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + name)
            except ClientError as error:
                if error.response["Error"]["Code"] == "NoSuchKey":
                    return None
                raise
            content: bytes = answer["Body"].read()
            return content

    def put(self, name: str, content: bytes) -> None:
        """Write an object, encrypted as the bucket's default has it."""
        with self._refusals("write"):
            self._s3.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=content)

    def remove(self, name: str) -> None:
        """Remove an object, if it exists."""
        with self._refusals("remove"):
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def _refusals(self, doing: str) -> "_Refusals":
        return _Refusals(f"cannot {doing} the records in s3://{self._bucket}/{self._prefix}")


class _Refusals:
    """Turns what AWS refuses meanwhile into a RemoteError."""

    def __init__(self, message: str) -> None:
        self._message = message

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, BotoCoreError | ClientError):
            hint = "Allow s3:ListBucket, GetObject, PutObject and DeleteObject there, as for the state."
            raise RemoteError(f"{self._message}: {error}", hint) from error
