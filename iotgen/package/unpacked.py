"""Zips as folders, which are there whole or not at all."""

import tempfile
import zipfile
from pathlib import Path

from iotgen.system import explained


def unpacked(archive: Path, folder: Path, *, prefix: str) -> Path:
    """Unpack a zip of ours into `folder` unless it is there, and return it; two at once make the same.

    It is made in a folder beside it whose name begins with `prefix`, which a killed process leaves behind.
    Raises IotgenError for a full disk, or a place that cannot be written.
    """
    if folder.is_dir():
        return folder
    with explained("write", folder), tempfile.TemporaryDirectory(prefix=prefix, dir=folder.parent) as name:
        beside = Path(name) / folder.name
        with zipfile.ZipFile(archive) as file:
            file.extractall(beside)
        try:
            beside.rename(folder)
        except OSError:
            if not folder.is_dir():  # if it is, another process was faster
                raise
    return folder
