"""Files that are there whole or not at all."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from iotgen.system import refused

Result = TypeVar("Result")


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
        raise refused(error, "write", destination) from error
    except BaseException:
        _discard(beside)
        raise
    return result


def _discard(path: Path) -> None:
    with suppress(OSError):  # the first error is the one worth telling
        path.unlink(missing_ok=True)
