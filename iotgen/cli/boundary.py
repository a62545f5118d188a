"""The outermost error handling: every exception becomes a message and an exit code, by its class."""

import os
from collections.abc import Callable

from iotgen.errors import IotgenError, MachineError
from iotgen.system import refused

INTERRUPTED = 130  # 128 plus the number of SIGINT, as in shells


def explained(error: BaseException, here: Callable[[], str] = os.getcwd) -> IotgenError | None:
    """The error to show for an exception that no command handles; None for a bug in iotgen.

    `here` returns the working folder, and fails if it no longer exists.
    """
    if isinstance(error, IotgenError):
        return error
    if isinstance(error, OSError):
        return _of_the_system(error, here)
    if isinstance(error, UnicodeError):
        return IotgenError(f"a text cannot be read or written: {error}", "Write the file as UTF-8.")
    if isinstance(error, RecursionError):
        return IotgenError("the input is nested too deeply", "Look for unclosed brackets.")
    if isinstance(error, MemoryError):
        return MachineError("out of memory", "Close other programs, then run it again.")
    return None


def _of_the_system(error: OSError, here: Callable[[], str]) -> IotgenError:
    try:
        here()
    except OSError:
        return IotgenError("the working folder no longer exists", "Change to another folder with `cd`.")
    return refused(error)
