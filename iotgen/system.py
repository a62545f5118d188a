"""What the operating system refuses, as an error for people: the one place that words an OSError."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iotgen.errors import IotgenError, MachineError

# What no other place or name would mend: these hints go before those of the caller.
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
    errno.EROFS: "Choose a place that can be written.",
    errno.ELOOP: "Remove the symbolic link that leads back to itself.",
    errno.ENAMETOOLONG: "Shorten that name.",
}


def reason(error: Exception) -> str:
    """What the system says, as the end of a sentence."""
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]


def refused(
    error: OSError, doing: str = "use", place: Path | str | None = None, hint: str = ""
) -> IotgenError:
    """The error to raise: `doing` is a verb; without a `place` it is the file that `error` names.

    `hint` is the caller's own; where the machine is at fault, or for want of one, the system's goes with it.
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
    """Turn an OSError of what is done meanwhile into the error of `refused`."""
    try:
        yield
    except OSError as error:
        raise refused(error, doing, place, hint) from error
