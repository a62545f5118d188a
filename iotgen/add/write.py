"""Write an addition to a project: all of it or nothing, and never over a file that is there."""

import os
import shutil
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from iotgen.add.function import Addition
from iotgen.errors import IotgenError
from iotgen.reading import read_bytes
from iotgen.system import explained


def write(root: Path, spec: Path, addition: Addition, accept: Callable[[], bool]) -> bool:
    """Write the files, then the spec in one step; take all of it back unless `accept` says yes.

    A file that has just this content already is left from an attempt that was killed, and stays. Raises
    IotgenError for any other file that is there, and where something cannot be written.
    """
    _refuse_other(root, addition.files)
    before = read_bytes(spec)
    made: list[Path] = []
    try:
        for name, text in addition.files.items():
            _create(root, root / name, text, made)
        _replace(spec, (BOM_UTF8 if before.startswith(BOM_UTF8) else b"") + addition.spec.encode())
        if accept():
            return True
    except BaseException:
        _undo(spec, before, made)
        raise
    _undo(spec, before, made)
    return False


def _refuse_other(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        if path.is_symlink() or path.exists():
            with suppress(OSError):
                if read_bytes(path) == text.encode():
                    continue
            raise IotgenError(
                f"{name} already exists", "Choose another name for the function, or move it away."
            )


def _create(root: Path, path: Path, text: str, made: list[Path]) -> None:
    """Create a file and the folders that it needs; each goes into `made`, folders first."""
    with explained("write", path):
        for folder in reversed(
            [one for one in path.parents if one.is_relative_to(root) and not one.exists()]
        ):
            folder.mkdir()
            made.append(folder)
        with suppress(FileExistsError), path.open("x", encoding="utf-8", newline="\n") as file:
            made.append(path)
            file.write(text)


def _replace(path: Path, content: bytes) -> None:
    """Replace a file by a new one with its mode, where a link leads to."""
    real = path.resolve()
    beside = real.with_name(f".{real.name}.{os.urandom(6).hex()}")
    with explained("write", path):
        try:
            beside.write_bytes(content)
            shutil.copymode(real, beside)
            beside.replace(real)
        finally:
            beside.unlink(missing_ok=True)


def _undo(spec: Path, before: bytes, made: list[Path]) -> None:
    if read_bytes(spec) != before:
        _replace(spec, before)
    for path in reversed(made):
        with suppress(OSError):  # such as a folder that somebody else has put something into
            path.rmdir() if path.is_dir() else path.unlink()
