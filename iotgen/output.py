"""The rendered folder: everything is made beside it, and moved into place only when all of it is there.

A run that fails or is killed leaves the last good output as it was.
"""

import errno
import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError

STATE = "terraform.tfstate"
# Terraform's note of where the state is kept, when that is elsewhere.
BACKEND = ".terraform/terraform.tfstate"


def pipeline_of(folder: Path) -> str | None:
    """The name of the pipeline that is rendered in `folder`, None when there is none."""
    try:
        main = json.loads((folder / "main.tf.json").read_text(encoding="utf-8"))
        return str(main["provider"]["aws"]["default_tags"]["tags"]["pipeline"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def refuse_another(folder: Path, pipeline: str) -> None:
    """IotgenError when another pipeline is deployed from `folder`: the next apply would destroy it."""
    owner = pipeline_of(folder)
    if owner in (None, pipeline) or not _is_deployed(folder):
        return
    raise IotgenError(
        f"the pipeline `{owner}` is deployed from {folder}: `{pipeline}` would take its place",
        f"choose another folder for `{pipeline}` with `--out`, or another `--suffix`",
    )


def _is_deployed(folder: Path) -> bool:
    """Whether a state says so, or is out of sight; one that is empty is what a destroy leaves."""
    backend = _data(folder / BACKEND, {"backend": None}).get("backend", {})
    if backend is not None and backend.get("type") != "local":
        return True
    return bool(_data(folder / STATE, {"resources": []}).get("resources", True))


def _data(file: Path, missing: dict[str, Any]) -> dict[str, Any]:
    """The object in a JSON file, `missing` without the file, and nothing when it can't be read."""
    if not file.exists():
        return missing
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Staging:
    """An empty folder to make the output in, beside the one that it is for."""

    beside: Path
    folder: Path

    def commit(self) -> None:
        """Replace what iotgen made in the folder before; other files there, such as Terraform's, stay."""
        _move(self.beside, self.folder)


@contextmanager
def staging(folder: Path) -> Iterator[Staging]:
    """Room to make the output of `folder`; without a commit it goes, and the folder stays as it was.

    Only one process at a time has it. IotgenError when there is something that can't be written.
    """
    beside = folder.with_name(f".{folder.name}.new")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f".{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            try:
                yield Staging(beside, folder)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        if not Path(error.filename or folder).is_relative_to(folder.parent):
            raise IotgenError(f"{error.filename}: {error.strerror}") from error
        full = error.errno == errno.ENOSPC
        hint = "free some space" if full else "choose a folder that you can write to with `--out`"
        raise IotgenError(f"cannot write {error.filename or folder}: {error.strerror}", hint) from error


def _move(beside: Path, folder: Path) -> None:
    made = {path.relative_to(beside) for path in beside.rglob("*") if path.is_file()}
    for path in sorted(made):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (beside / path).replace(target)
    for path in _ours(folder) - made:
        (folder / path).unlink()


def _ours(folder: Path) -> set[Path]:
    """What an earlier run made in `folder`."""
    found = [*folder.glob("*.tf.json"), *(folder / "artifacts").rglob("*")]
    return {path.relative_to(folder) for path in found if path.is_file()}
