"""Zips that a project builds by itself, which are deployed as they are."""

import base64
import hashlib
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.package.artifact import Artifact
from iotgen.package.atomic import write_beside
from iotgen.package.limits import ZIPPED_LIMIT
from iotgen.reading import read_bytes
from iotgen.system import refused


def take_archive(archive: Path, function: str, destination: Path) -> Artifact:
    """Copy the zip of a function; IotgenError if it is not built, not a zip, or too large to be one."""
    from zipfile import BadZipFile, ZipFile  # most functions are folders

    content = _content(archive, function)
    write_beside(destination, lambda out: out.write(content))
    try:
        with ZipFile(destination) as file:
            unzipped = sum(entry.file_size for entry in file.infolist())
    except BadZipFile:
        message = f"{archive}, the artifact of `{function}`, is not a zip"
        raise IotgenError(message, "Build it again.") from None
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Artifact(destination, digest, len(content), unzipped)


def archive_digest(archive: Path, function: str) -> str:
    """The SHA-256 of the zip of a function; IotgenError if it is not built."""
    return hashlib.sha256(_content(archive, function)).hexdigest()


def _content(archive: Path, function: str) -> bytes:
    try:
        size = archive.stat().st_size
        if size > ZIPPED_LIMIT:
            message = (
                f"{archive}, the artifact of `{function}`, has {size:,} bytes, but Lambda allows "
                f"{ZIPPED_LIMIT:,} (50 MB) in an upload"
            )
            raise IotgenError(message, "Build it with fewer files, or deploy the function as an `image`.")
        return read_bytes(archive, ZIPPED_LIMIT)
    except FileNotFoundError:
        message = f"the artifact of `{function}` is not built: there is no file {archive}"
        raise IotgenError(message, "Build it first: iotgen deploys it as it is.") from None
    except OSError as error:
        raise refused(error, "read", archive) from error
