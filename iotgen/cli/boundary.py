"""The outermost error handling: every exception becomes a message and an exit code, by its class."""

import os
import sys
from collections.abc import Callable

from iotgen.errors import IotgenError, MachineError, RemoteError
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
    if aws := _of_aws(error):
        return aws
    if isinstance(error, UnicodeError):
        return IotgenError(f"a text cannot be read or written: {error}", "Write the file as UTF-8.")
    if isinstance(error, RecursionError):
        return IotgenError("the input is nested too deeply", "Look for unclosed brackets.")
    if isinstance(error, MemoryError):
        return MachineError("out of memory", "Close other programs, then run it again.")
    return None


def _of_aws(error: BaseException) -> IotgenError | None:
    """What a call of AWS failed with that no command has a message for."""
    if "botocore.exceptions" not in sys.modules:  # else it is none of botocore's
        return None
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        about = error.response.get("Error", {})
        code, text = str(about.get("Code", "")), str(about.get("Message", "")).rstrip(".")
        denied = "denied" in code.lower() or code == "UnauthorizedOperation"
        hint = f"Give the caller the permission for {error.operation_name}." if denied else ""
        hint = "Log in again: aws sso login" if "Expired" in code else hint
        hint = "Try again in a moment." if "Throttl" in code or "TooMany" in code else hint
        return RemoteError(f"AWS refused {error.operation_name}: {text or code} ({code})", hint)
    if isinstance(error, BotoCoreError):
        return RemoteError(
            f"a call of AWS failed: {str(error).rstrip('.')}", "Check the network and the region."
        )
    return None


def _of_the_system(error: OSError, here: Callable[[], str]) -> IotgenError:
    try:
        here()
    except OSError:
        return IotgenError("the working folder no longer exists", "Change to another folder with `cd`.")
    return refused(error)
