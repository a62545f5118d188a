"""One loop for each environment: two would put each other's code live."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.system import explained


@contextmanager
def alone(out: Path, suffix: str) -> Iterator[None]:
    """Hold the lock of an environment's loop; IotgenError, with its process, where another one has it.

    A lock ends with its process, however that ends.
    """
    path = out / f".{suffix}.dev"
    with explained("write", path):
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(suffix, os.pread(descriptor, 20, 0)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _taken(suffix: str, holder: bytes) -> IotgenError:
    process = f" (process {int(holder)})" if holder.isdigit() else ""
    return IotgenError(
        f"another `iotgen dev`{process} watches `{suffix}`",
        "End it with Ctrl-C, or choose another environment with `--suffix`.",
    )
