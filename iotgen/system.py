"""Errors of the operating system as messages, and the programs that it has.

This is the only place that words an OSError.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iotgen.errors import IotgenError, MachineError

# No other path would help here, so these hints take precedence over the caller's.
_OF_THE_MACHINE = {
    errno.ENOSPC: "Free some space on that disk, then run it again.",
    errno.EDQUOT: "Free some space on that disk, then run it again.",
    errno.EMFILE: "Raise the limit of open files (`ulimit -n`).",
    errno.ENFILE: "Close other programs, then run it again.",
    errno.ENOMEM: "Close other programs, then run it again.",
    errno.EIO: "Check that disk.",
}
_OF_THE_PLACE = {
    errno.EACCES: "Change its permissions, or choose another place.",
    errno.EPERM: "Change its permissions, or choose another place.",
    errno.EROFS: "Choose a writable place.",
    errno.ELOOP: "Remove the symbolic link that leads back to itself.",
    errno.ENAMETOOLONG: "Shorten that name.",
}


def reason(error: Exception) -> str:
    """The system's message, without a capital, to follow a colon."""
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]


def refused(
    error: OSError, doing: str = "use", place: Path | str | None = None, hint: str = ""
) -> IotgenError:
    """The error to raise for `cannot DOING PLACE`; the default place is the file that `error` names.

    `hint` is the caller's. The one for the error number is used if there is none, or if the machine is the
    cause.
    """
    name = place or (None if error.filename is None else os.fsdecode(error.filename))
    code = error.errno or 0
    hint = _OF_THE_MACHINE.get(code) or hint or _OF_THE_PLACE.get(code, "")
    if name is None:
        return MachineError(f"the system refused: {reason(error)}", hint)
    kind = MachineError if code in _OF_THE_MACHINE else IotgenError
    return kind(f"cannot {doing} {name}: {reason(error)}", hint)


@contextmanager
def explained(doing: str, place: Path | str, hint: str = "") -> Iterator[None]:
    """Turn an OSError in the `with` block into the error of `refused`."""
    try:
        yield
    except OSError as error:
        raise refused(error, doing, place, hint) from error


def installed(name: str) -> str | None:
    """The executable `name` from the absolute entries of PATH; relative ones could be in a project."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return shutil.which(name, path=os.pathsep.join(entry for entry in entries if Path(entry).is_absolute()))
