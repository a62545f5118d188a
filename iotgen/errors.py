"""What can go wrong outside a spec: one clear message, what to do about it, and an exit code.

Faults in a spec are data, not exceptions: see `iotgen.problem`.
"""


class IotgenError(Exception):
    """The request can't be met as it stands (exit code 1).

    `message` says what is wrong and where; `hint` says what to do, and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(IotgenError):
    """The command line is at fault (exit code 2)."""

    exit_code = 2


class RemoteError(IotgenError):
    """Terraform, AWS or a package index refused, or could not be reached (exit code 3)."""

    exit_code = 3


class MachineError(IotgenError):
    """The machine refused: its disk is full, or its memory (exit code 3)."""

    exit_code = 3
