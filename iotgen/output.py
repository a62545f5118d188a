"""The rendered folder: everything is made beside it, and moved into place only when all of it is there.

A run that fails or is killed leaves the last good output as it was.
"""

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError
from iotgen.reading import read_bytes
from iotgen.system import refused

STATE = "terraform.tfstate"
# Terraform's note of where the state is kept, when that is elsewhere.
BACKEND = ".terraform/terraform.tfstate"
# The list of what iotgen made in a rendered folder: only that is overwritten and removed.
MADE = ".iotgen.json"
# A list that says more is not of iotgen, or damaged: a state, or a file elsewhere, is none of its output.
_NAMED_BY_US = re.compile(r"[^/.][^/]*\.tf(\.json)?|artifacts/[\w./-]+")
# What a file may raise that is no JSON, or none of the form that is looked for.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RecursionError)
_LARGEST_STATE = 1_000_000_000
# What versions without the list called their files.
_UNLISTED = (
    *("alarms", "api", "buckets", "encryption", "functions", "layers", "main"),
    *("outputs", "parameters", "queues", "tables", "topics"),
)


def pipeline_of(folder: Path) -> str | None:
    """The name of the pipeline that is rendered in `folder`, None when there is none."""
    try:
        main = json.loads(read_bytes(folder / "main.tf.json"))
        return str(main["provider"]["aws"]["default_tags"]["tags"]["pipeline"])
    except _UNREADABLE:
        return None


def refuse_another(folder: Path, pipeline: str) -> None:
    """IotgenError when another pipeline is deployed from `folder`: the next apply would destroy it."""
    owner = pipeline_of(folder)
    if owner in (None, pipeline) or not _is_deployed(folder):
        return
    raise IotgenError(
        f"the pipeline `{owner}` is deployed from {folder}: `{pipeline}` would take its place",
        f"Choose another folder for `{pipeline}` with `--out`, or another `--suffix`.",
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
        content = json.loads(read_bytes(file, _LARGEST_STATE))
    except _UNREADABLE:
        return {}
    return content if isinstance(content, dict) else {}


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
            raise refused(error) from error
        hint = "Choose a folder that you can write to with `--out`."
        raise refused(error, "write", error.filename or folder, hint) from error


def _move(beside: Path, folder: Path) -> None:
    made = {path.relative_to(beside) for path in beside.rglob("*") if path.is_file()}
    earlier = _made_before(folder)
    _refuse_foreign(folder, made - earlier, beside)
    folder.mkdir(parents=True, exist_ok=True)
    # What is on its way is listed before it arrives, so that a kill in between leaves nothing unlisted.
    _list(folder, made | earlier)
    for path in sorted(made):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (beside / path).replace(target)
    for path in earlier - made:
        (folder / path).unlink(missing_ok=True)
    _list(folder, made)


def _made_before(folder: Path) -> set[Path]:
    """What earlier runs made in `folder`; what a version without the list made is known by its names."""
    try:
        listed = json.loads(read_bytes(folder / MADE))["files"]
        named = {
            Path(name) for name in listed if _NAMED_BY_US.fullmatch(name) and ".." not in Path(name).parts
        }
        return {path for path in named if not (folder / path).is_dir()}
    except _UNREADABLE:
        if pipeline_of(folder) is None:
            return set()
    zips = [*folder.glob("artifacts/*.zip"), *folder.glob("artifacts/layers/*.zip")]
    files = [folder / f"{name}.tf.json" for name in _UNLISTED]
    return {path.relative_to(folder) for path in (*files, *zips) if path.is_file()}


def _refuse_foreign(folder: Path, new: set[Path], beside: Path) -> None:
    """IotgenError when a file that iotgen did not make has the name of one that it makes now."""
    for path in sorted(new):
        there = folder / path
        if there.is_file() and there.read_bytes() != (beside / path).read_bytes():
            raise IotgenError(
                f"{there} was not made by iotgen, and this render would overwrite it",
                "Rename it, or remove it if it is not needed.",
            )


def _list(folder: Path, files: set[Path]) -> None:
    """Write down which files iotgen made."""
    names = sorted(path.as_posix() for path in files)
    text = json.dumps({"files": names}, indent=2, ensure_ascii=False) + "\n"
    written = folder / f"{MADE}.new"
    written.write_text(text, encoding="utf-8", newline="\n")
    written.replace(folder / MADE)
