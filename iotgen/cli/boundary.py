"""The one boundary: whatever goes wrong becomes a message and an exit code, by its class."""

import os
from collections.abc import Callable

from iotgen.errors import IotgenError, MachineError
from iotgen.system import refused

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


def explained(error: BaseException, here: Callable[[], str] = os.getcwd) -> IotgenError | None:
    """The message for an error that no command has one for; None for a fault of iotgen's own.

    `here` gives the working folder, and fails when that is gone.
    """
    if isinstance(error, IotgenError):
        return error
    if isinstance(error, OSError):
        return _of_the_system(error, here)
    if isinstance(error, UnicodeError):
        return IotgenError(f"a text cannot be read or written: {error}", "Write the file as UTF-8.")
    if isinstance(error, RecursionError):
        return IotgenError("something is nested too deeply to be read", "Look for brackets without an end.")
    if isinstance(error, MemoryError):
        return MachineError("out of memory", "Close other programs, then run it again.")
    return None


def _of_the_system(error: OSError, here: Callable[[], str]) -> IotgenError:
    try:
        here()
    except OSError:
        return IotgenError("the working folder is gone", "Change to a folder that exists (`cd`).")
    return refused(error)
