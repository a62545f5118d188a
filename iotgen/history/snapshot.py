"""A project's files as one archive, the same bytes for the same files."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.system import explained

# ZIP's earliest time: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.4.6
_TIME = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of `files`, by their paths in the project."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def digest(files: Mapping[str, bytes]) -> str:
    """A SHA-256 of names and contents, which does not depend on compression."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive into `folder`; IotgenError if it is damaged or leads out of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            contents = {name: opened.read(name) for name in opened.namelist()}
    except zipfile.BadZipFile as error:
        raise IotgenError(
            "the snapshot of that deployment is damaged", "Choose another with `--to ID`."
        ) from error
    for name, content in contents.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise IotgenError(f"the snapshot has a file outside of the project: {name}")
        with explained("write", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
