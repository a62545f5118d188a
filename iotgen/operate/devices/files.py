"""The files of a device: its private key and its certificate."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.system import explained

_PRIVATE, _FOLDER, _SHARED = 0o600, 0o700, 0o644


@dataclass(frozen=True)
class Files:
    """Where key and certificate of a device are."""

    key: Path
    certificate: Path

    def write(self, key: str, certificate: str) -> None:
        """Write both, through to the disk: AWS has no copy of the key."""
        for path, text in ((self.key, key), (self.certificate, certificate)):
            with explained("write", path), path.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())


@contextmanager
def reserved(folder: Path, name: str) -> Iterator[Files]:
    """The files of a device, which are made before AWS is asked for anything, and removed if it fails.

    IotgenError if one of them is there already.
    """
    files = Files(folder / f"{name}.key", folder / f"{name}.crt")
    with explained("write", folder):
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for path, mode in ((files.key, _PRIVATE), (files.certificate, _SHARED)):
            _make(path, mode)
            made.append(path)
        yield files
    except BaseException:
        for path in made:
            with suppress(OSError):  # only the first error is reported
                path.unlink()
        raise


def _make(path: Path, mode: int) -> None:
    with explained("write", path):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        except FileExistsError:
            message = f"{path} is there already, and may be the only copy of a device's key"
            raise IotgenError(message, "Choose another folder by `--into`, or move it away.") from None
