"""Errors outside a spec: a message, a hint and an exit code.

Errors in a spec are data, not exceptions: see `iotgen.problem`.
"""


class IotgenError(Exception):
    """The request cannot be carried out (exit code 1).

    `message` says what is wrong and where; `hint` says what to do, and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(IotgenError):
    """The command line is wrong (exit code 2)."""

    exit_code = 2


class RemoteError(IotgenError):
    """Terraform, AWS or a package index failed or rejected a request, or cannot be reached (exit code 3)."""

    exit_code = 3


class MachineError(IotgenError):
    """The disk or the memory of this machine is full, or the system failed otherwise (exit code 3)."""

    exit_code = 3
