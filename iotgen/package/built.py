"""Zips that a project builds by itself, which are deployed as they are."""

import base64
import hashlib
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.package.artifact import Artifact
from iotgen.package.atomic import write_beside
from iotgen.package.limits import ZIPPED_LIMIT
from iotgen.reading import read_bytes
from iotgen.system import explained, refused


def take_archive(archive: Path, user: str, destination: Path) -> Artifact:
    """Copy the zip of a function or a layer, its `user`.

    Raises IotgenError if it is not built, not a zip, or too large to be one.
    """
    from zipfile import BadZipFile, ZipFile  # most functions are folders

    content = _content(archive, user)
    write_beside(destination, lambda out: out.write(content))
    try:
        with ZipFile(destination) as file:
            unzipped = sum(entry.file_size for entry in file.infolist())
    except BadZipFile:
        raise _no_zip(archive, user) from None
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Artifact(destination, digest, len(content), unzipped)


def archive_digest(archive: Path, user: str) -> str:
    """The SHA-256 of the zip of a function or a layer, its `user`; IotgenError if it is not built."""
    return hashlib.sha256(_content(archive, user)).hexdigest()


def archive_folder(archive: Path, user: str, cache: Path) -> Path:
    """Unpack the zip of a layer, its `user`, in the cache, once; IotgenError if it is not built or no zip."""
    from zipfile import BadZipFile

    from iotgen.package.unpacked import unpacked

    folder = cache / "artifacts" / archive_digest(archive, user)
    with explained("write", folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        return unpacked(archive, folder, prefix="unpacking-")
    except BadZipFile:
        raise _no_zip(archive, user) from None


def _no_zip(archive: Path, user: str) -> IotgenError:
    return IotgenError(f"{archive}, the artifact of `{user}`, is not a zip", "Build it again.")


def _content(archive: Path, user: str) -> bytes:
    try:
        size = archive.stat().st_size
        if size > ZIPPED_LIMIT:
            message = (
                f"{archive}, the artifact of `{user}`, has {size:,} bytes, but Lambda allows "
                f"{ZIPPED_LIMIT:,} (50 MB) in an upload"
            )
            raise IotgenError(message, "Build it with fewer files, or deploy a function as an `image`.")
        return read_bytes(archive, ZIPPED_LIMIT)
    except FileNotFoundError:
        message = f"the artifact of `{user}` is not built: there is no file {archive}"
        raise IotgenError(message, "Build it first: iotgen deploys it as it is.") from None
    except OSError as error:
        raise refused(error, "read", archive) from error
