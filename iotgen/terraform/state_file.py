"""The actual cause when Terraform reports that it cannot lock the state.

Terraform reports that for a damaged state file, too. For one in use it prints the id of the lock, with which
the state could be unlocked under a Terraform that is still applying: if only iotgen is killed, Terraform
continues.
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
    """The hint for a damaged state, or one in use by a running Terraform; otherwise an empty string.

    `output` is Terraform's, on one line.
    """
    if _DAMAGED.search(output):
        return _damaged(folder)
    if _LOCKED.search(output) and (holder := holder_of(folder, processes)):
        return (
            f"Terraform is still running in that folder, as process {holder}: wait until it has ended, then "
            "run this again. It may be left from a killed run. Do not unlock the state while it runs."
        )
    return ""


def _damaged(folder: Path) -> str:
    state = folder / STATE
    if not state.exists():
        return "The state is damaged, not locked: restore an earlier version of it in its backend."
    backup = state.with_name(f"{STATE}.backup")
    place = shlex.quote(str(state))
    if not backup.exists():
        return (
            f"{place} is damaged, not locked, and has no backup beside it: restore it from your own backup."
        )
    return (
        f"{place} is damaged, not locked. Restore the state before the last change: "
        f"cp {shlex.quote(str(backup))} {place}; it lacks later resources, so check the next plan carefully."
    )


def holder_of(folder: Path, processes: Path = Path("/proc")) -> int | None:
    """The process of a Terraform that runs in `folder`, or that has locked the state there."""
    holders = [*_working_in(folder, processes), *_locking(folder / STATE)]
    return min(holders, default=None)


def _working_in(folder: Path, processes: Path) -> Iterator[int]:
    """Each Terraform process with that working folder; none if the system has no /proc."""
    for process in processes.glob("[0-9]*"):
        try:
            if (process / "cwd").samefile(folder) and _PROGRAMS.search((process / "cmdline").read_bytes()):
                yield int(process.name)
        except OSError:  # it has ended, or belongs to another user
            continue


def _locking(state: Path) -> Iterator[int]:
    """The process that holds Terraform's lock on a state file."""
    try:
        with state.open("rb") as file:
            request = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, *_, pid = _FLOCK.unpack(fcntl.fcntl(file, fcntl.F_GETLK, request))
    except (OSError, struct.error):
        return
    if kind != fcntl.F_UNLCK and pid > 0:
        yield pid
