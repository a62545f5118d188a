"""The rendered folder: files are written to a folder beside it, and moved into place once all are complete.

A run that fails or is killed leaves the previous output untouched.
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
# Terraform's record of the backend, if the state is not local.
BACKEND = ".terraform/terraform.tfstate"
# The list of iotgen's files in a rendered folder: only these are overwritten and removed.
MADE = ".iotgen.json"
# Other names in the list, such as a state or a file elsewhere, are not iotgen's: the list is damaged.
_NAMED_BY_US = re.compile(r"[^/.][^/]*\.tf(\.json)?|artifacts/[\w./-]+")
# The exceptions for a file that is not JSON, or not in the expected form.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RecursionError)
_LARGEST_STATE = 1_000_000_000
# The files of versions that wrote no list.
_UNLISTED = (
    *("alarms", "api", "buckets", "encryption", "functions", "layers", "main"),
    *("outputs", "parameters", "queues", "tables", "topics"),
)


def pipeline_of(folder: Path) -> str | None:
    """The name of the pipeline that is rendered in `folder`, None if there is none."""
    try:
        main = json.loads(read_bytes(folder / "main.tf.json"))
        return str(main["provider"]["aws"]["default_tags"]["tags"]["pipeline"])
    except _UNREADABLE:
        return None


def environments_of(out: Path, pipeline: str) -> tuple[str, ...]:
    """The environments of a pipeline that are rendered in `out`."""
    folders = sorted(out.iterdir()) if out.is_dir() else []
    # The folder of a local deployment is called like its environment, and `.local`.
    return tuple(path.name for path in folders if "." not in path.name and pipeline_of(path) == pipeline)


def refuse_another(folder: Path, pipeline: str) -> None:
    """IotgenError if another pipeline is deployed from `folder`: the next apply would destroy it."""
    owner = pipeline_of(folder)
    if owner in (None, pipeline) or not _is_deployed(folder):
        return
    raise IotgenError(
        f"the pipeline `{owner}` is deployed from {folder}, and `{pipeline}` would replace it",
        f"Choose another folder for `{pipeline}` with `--out`, or another `--suffix`.",
    )


def _is_deployed(folder: Path) -> bool:
    """Whether the state has resources, or is remote; a destroy leaves an empty one."""
    backend = _data(folder / BACKEND, {"backend": None}).get("backend", {})
    if backend is not None and backend.get("type") != "local":
        return True
    return bool(_data(folder / STATE, {"resources": []}).get("resources", True))


def _data(file: Path, missing: dict[str, Any]) -> dict[str, Any]:
    """The object in a JSON file; `missing` if there is no file, an empty one if it cannot be read."""
    if not file.exists():
        return missing
    try:
        content = json.loads(read_bytes(file, _LARGEST_STATE))
    except _UNREADABLE:
        return {}
    return content if isinstance(content, dict) else {}


@dataclass(frozen=True)
class Staging:
    """An empty folder `beside` the output's `folder`, to write the output to."""

    beside: Path
    folder: Path

    def commit(self) -> None:
        """Replace iotgen's earlier files in the folder; other files there, such as Terraform's, stay."""
        _move(self.beside, self.folder)


@contextmanager
def staging(folder: Path) -> Iterator[Staging]:
    """A staging folder for the output of `folder`; it is removed at the end, committed or not.

    Only one process at a time can have it. Raises IotgenError if something cannot be written.
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
    new = {path.relative_to(beside) for path in beside.rglob("*") if path.is_file()}
    earlier = _earlier_files(folder)
    _refuse_foreign(folder, new - earlier, beside)
    folder.mkdir(parents=True, exist_ok=True)
    # Files are listed before they are moved, so that a kill in between leaves none unlisted.
    _list(folder, new | earlier)
    for path in sorted(new):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (beside / path).replace(target)
    for path in earlier - new:
        (folder / path).unlink(missing_ok=True)
    _list(folder, new)


def _earlier_files(folder: Path) -> set[Path]:
    """The files of earlier runs in `folder`; those of versions that wrote no list are known by name."""
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
    """IotgenError if a `new` file would overwrite one that iotgen did not write."""
    for path in sorted(new):
        target = folder / path
        if target.is_file() and target.read_bytes() != (beside / path).read_bytes():
            raise IotgenError(
                f"{target} was not written by iotgen, and this render would overwrite it",
                "Rename it, or remove it if it is not needed.",
            )


def _list(folder: Path, files: set[Path]) -> None:
    """Write the list of iotgen's files."""
    names = sorted(path.as_posix() for path in files)
    text = json.dumps({"files": names}, indent=2, ensure_ascii=False) + "\n"
    written = folder / f"{MADE}.new"
    written.write_text(text, encoding="utf-8", newline="\n")
    written.replace(folder / MADE)
