"""Reads a project's files safely: one may be an endless pipe, a device or a disk image."""

import errno
import os
import stat
from pathlib import Path

MOST = 10_000_000
"""The most bytes of a file that a person wrote."""

_KINDS = (
    (stat.S_ISFIFO, "it is a pipe, not a file"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
    (stat.S_ISCHR, "it is a device, not a file"),
    (stat.S_ISBLK, "it is a device, not a file"),
)


def read_bytes(path: Path, most: int = MOST) -> bytes:
    """The content of a file; OSError with the reason if it is not a regular file or exceeds `most` bytes."""
    _refuse(path, path.stat().st_mode)  # before opening it: opening a device may have an effect
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        _refuse(path, os.fstat(descriptor).st_mode)
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def _refuse(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
    for is_of, why in _KINDS:
        if is_of(mode):
            raise OSError(errno.EINVAL, why, str(path))


def not_utf8(error: UnicodeDecodeError) -> tuple[int, int, str]:
    """Line and column, from 1, of the first byte that is not UTF-8, and the message for it."""
    before = error.object[: error.start].decode(errors="replace")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return (
        line,
        column,
        f"this is not UTF-8 text: no character begins with the byte {error.object[error.start]:#04x}",
    )
