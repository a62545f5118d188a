"""What the operating system refuses is worded in one place, for every part alike."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from iotgen.errors import IotgenError, MachineError
from iotgen.system import explained, reason, refused

OWN = "Choose another folder with `--out`."
SPACE = "Free some space on that disk, then run it again."
FILES = "Raise the limit of open files (`ulimit -n`)."


@pytest.mark.parametrize(
    ("number", "name", "kind", "message", "hint"),
    [
        (errno.EACCES, "a", IotgenError, "cannot write a: permission denied", OWN),
        (errno.EACCES, None, IotgenError, "cannot write b: permission denied", OWN),
        (errno.ENOTDIR, "a/b", IotgenError, "cannot write a/b: not a directory", OWN),
        (errno.ENOSPC, "a", MachineError, "cannot write a: no space left on device", SPACE),
        (errno.EMFILE, "a", MachineError, "cannot write a: too many open files", FILES),
    ],
)
def test_a_place_of_the_users_or_a_fault_of_the_machine(
    number: int, name: str | None, kind: type[IotgenError], message: str, hint: str
) -> None:
    found = refused(OSError(number, os.strerror(number), "b"), "write", name, OWN)
    assert (type(found), found.message, found.hint) == (kind, message, hint)


def test_without_a_hint_of_the_callers_the_systems_goes_with_it() -> None:
    found = refused(PermissionError(errno.EACCES, "Permission denied", "app.py"), "read")
    assert (found.message, found.hint) == (
        "cannot read app.py: permission denied",
        "Change its permissions, or choose another place.",
    )


def test_what_the_system_says_keeps_its_capitals_but_the_first() -> None:
    assert reason(OSError(errno.EINVAL, "Not UTF-8")) == "not UTF-8"
    assert reason(ValueError("Embedded null byte")) == "embedded null byte"


def test_a_block_is_explained_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(IotgenError, match=r"cannot read it: no such file"), explained("read", "it"):
        (tmp_path / "none").read_text()
