"""Writes files atomically: they are complete or absent."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from iotgen.system import refused

Result = TypeVar("Result")


def write_beside(destination: Path, write: Callable[[BinaryIO], Result]) -> Result:
    """Write a temporary file beside `destination` and move it there, so that readers see only whole files.

    `write` receives the open file, and its result is returned. Missing folders are created. Raises
    IotgenError if the disk is full or the folder cannot be written; no partial file is left then.
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
    with suppress(OSError):  # only the first error is reported
        path.unlink(missing_ok=True)
