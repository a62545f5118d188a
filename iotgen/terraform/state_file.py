"""What is really the matter when Terraform says that it cannot lock the state.

Terraform says so of a state file that is damaged, too. And of one that is in use it gives the id of the lock,
with which another Terraform could take it away from one that is still applying: after a kill of iotgen alone,
Terraform goes on by itself.
"""

import fcntl
import os
import re
import shlex
import struct
from collections.abc import Iterator
from pathlib import Path

STATE = "terraform.tfstate"
_DAMAGED = re.compile(
    r"state file could not be parsed|state file does not have a \"version\"|Unsupported state file format"
)
_LOCKED = re.compile(r"Error acquiring the state lock")
_PROGRAMS = re.compile(rb"(^|/)(terraform|tofu)[^/]*\0|iotgen\.terraform\.embedded\0")
_FLOCK = struct.Struct("hhqqi")  # l_type, l_whence, l_start, l_len and l_pid on 64-bit Linux


def state_hint(output: str, folder: Path, processes: Path = Path("/proc")) -> str:
    """The next step for a state that is damaged, or in use by a Terraform that lives; else an empty string.

    `output` is Terraform's, on one line.
    """
    if _DAMAGED.search(output):
        return _damaged(folder)
    if _LOCKED.search(output) and (holder := holder_of(folder, processes)):
        return (
            f"Terraform still works in that folder, as process {holder}: wait until it has ended, then run "
            "this again. It may be of a run that was killed. Do not unlock the state under it."
        )
    return ""


def _damaged(folder: Path) -> str:
    state = folder / STATE
    if not state.exists():
        return "The state is damaged, not locked: restore an earlier version of it where it is kept."
    backup = state.with_name(f"{STATE}.backup")
    place = shlex.quote(str(state))
    if not backup.exists():
        return (
            f"{place} is damaged, not locked, and has no backup beside it: restore it from one of your own."
        )
    return (
        f"{place} is damaged, not locked. The state before the last change is beside it: "
        f"cp {shlex.quote(str(backup))} {place} brings it back; what was made since is not in it, so "
        "look closely at the next plan."
    )


def holder_of(folder: Path, processes: Path = Path("/proc")) -> int | None:
    """The process of a Terraform that works in `folder`, or that has locked the state there."""
    holders = [*_working_in(folder, processes), *_locking(folder / STATE)]
    return min(holders, default=None)


def _working_in(folder: Path, processes: Path) -> Iterator[int]:
    """Each Terraform whose working folder it is; none where the system does not tell."""
    for process in processes.glob("[0-9]*"):
        try:
            if (process / "cwd").samefile(folder) and _PROGRAMS.search((process / "cmdline").read_bytes()):
                yield int(process.name)
        except OSError:  # it has ended, or is another user's
            continue


def _locking(state: Path) -> Iterator[int]:
    """The process that holds Terraform's lock on a state file."""
    try:
        with state.open("rb") as file:
            asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, *_, pid = _FLOCK.unpack(fcntl.fcntl(file, fcntl.F_GETLK, asked))
    except (OSError, struct.error):
        return
    if kind != fcntl.F_UNLCK and pid > 0:
        yield pid
