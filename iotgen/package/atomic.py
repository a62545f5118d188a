"""Files that are there whole or not at all."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from iotgen.errors import IotgenError

Result = TypeVar("Result")

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_beside(destination: Path, write: Callable[[BinaryIO], Result]) -> Result:
    """Write a file beside its place and move it there, so that the old one stays until the new one is whole.

    `write` gets the open file, and what it returns is returned. Folders on the way are made. Raises
    IotgenError when the disk is full or the place can't be written; nothing half-written is left then.
    """
    beside = destination.with_name(f".{destination.name}.{os.urandom(6).hex()}")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as out:
            result = write(out)
        beside.replace(destination)
    except OSError as error:
        _discard(beside)
        raise cannot_write(destination, error) from error
    except BaseException:
        _discard(beside)
        raise
    return result


def cannot_write(place: Path, error: OSError) -> IotgenError:
    """The error to raise when `place` can't be written."""
    if error.errno in _FULL:
        return IotgenError(
            f"Cannot write {place}: the disk is full",
            "Free some space on that disk and run this again; what was there before is unchanged.",
        )
    if error.errno in _FORBIDDEN:
        return IotgenError(
            f"Cannot write {place}: {_reason(error)}",
            "Make that folder writable for you, or choose another one.",
        )
    return IotgenError(f"Cannot write {place}: {_reason(error)}")


def cannot_read(place: Path, error: OSError) -> IotgenError:
    """The error to raise when `place` can't be read."""
    hint = "Make it readable for you (chmod u+r)." if error.errno in _FORBIDDEN else ""
    return IotgenError(f"Cannot read {place}: {_reason(error)}", hint)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _discard(path: Path) -> None:
    with suppress(OSError):  # the first error is the one worth telling
        path.unlink(missing_ok=True)
