"""Packages handler folders into zips for functions."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.package.archive import Entry, encode_name, stored, write_zip
from iotgen.package.artifact import Artifact
from iotgen.package.atomic import write_beside
from iotgen.package.limits import UNZIPPED_LIMIT
from iotgen.reading import read_bytes
from iotgen.system import refused

_LEFTOVERS = ("~", ".pyc", ".pyo", ".swp", ".swo")


def zip_function(
    source: Path, include: Sequence[Path], destination: Path, *, project: Path | None = None
) -> Artifact:
    """Zip the content of `source` at the zip's root, and each included folder under its own name.

    The bytes depend only on the files' names and contents. `__pycache__`, compiled files, names that begin
    with a dot, and leftovers of editors are omitted, but below node_modules only what npm keeps there for
    itself. Symbolic links are followed as long as they stay in
    `project` (if None, in these folders). Raises IotgenError for a missing or empty folder, a file that
    occurs twice, a link that leads out or in a circle, an unreadable file, and a full disk.
    """
    files = function_files(source, include, project)
    written = write_beside(destination, lambda out: write_zip(out, entries(files)))
    return Artifact(destination, written.sha256, written.size, written.unzipped)


def zip_layer(folder: Path, prefix: str, destination: Path, *, project: Path) -> Artifact:
    """Zip a folder as `zip_function` does, below `prefix`, which is empty or ends in a slash."""
    files = {f"{prefix}{name}": path for name, path in function_files(folder, [], project).items()}
    written = write_beside(destination, lambda out: write_zip(out, entries(files)))
    return Artifact(destination, written.sha256, written.size, written.unzipped)


def function_files(source: Path, include: Sequence[Path], project: Path | None) -> dict[str, Path]:
    """The file for each name in the zip, sorted by the name's bytes."""
    places = [("", source), *((f"{_own_name(folder)}/", folder) for folder in include)]
    allowed = [path.resolve() for path in ([project] if project else [source, *include])]
    files: dict[str, Path] = {}
    for prefix, folder in places:
        walked = dict(_walk(folder, prefix, allowed))
        if not walked:
            raise IotgenError(f"{folder} has no files to zip", "Put the handler there, or correct the path.")
        for name in sorted(files.keys() & walked.keys()):
            raise IotgenError(
                f"{files[name]} and {walked[name]} would both be {name} in the zip",
                "Rename one of them, or remove the folder from `include`.",
            )
        files |= walked
    _refuse_file_as_folder(files)
    return dict(sorted(files.items(), key=lambda item: encode_name(item[0])))


def file_digests(source: Path, include: Sequence[Path], project: Path | None) -> dict[str, str]:
    """Map each name in the zip to the SHA-256 of its file; IotgenError as for the zip."""
    files = entries(function_files(source, include, project))
    return {entry.name: hashlib.sha256(entry.payload).hexdigest() for entry in files}


def _read(path: Path) -> bytes:
    return read_bytes(path, UNZIPPED_LIMIT)


def entries(files: Mapping[str, Path], read: Callable[[Path], bytes] = _read) -> Iterator[Entry]:
    """Read the files, one at a time; IotgenError if one cannot be read."""
    for name, path in files.items():
        try:
            content = read(path)
        except OSError as error:
            raise refused(error, "read", path) from error
        yield stored(name, content)


def _own_name(folder: Path) -> str:
    return folder.name if folder.name not in ("", "..") else folder.resolve().name


def _walk(
    folder: Path, prefix: str, allowed: Sequence[Path], above: tuple[Path, ...] = ()
) -> Iterator[tuple[str, Path]]:
    """Yield names in the zip and paths of the files below a folder; `above` are its parent folders."""
    above = (*above, _follow(folder, allowed))
    for path in _listed(folder):
        if _is_omitted(path.name, prefix):
            continue
        name, real = prefix + path.name, path
        if path.is_symlink():
            real = _follow(path, allowed)
            if any(parent.is_relative_to(real) for parent in above):
                raise IotgenError(f"{path} is a link to a folder that contains it", "Remove the link.")
        mode = real.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _walk(path, f"{name}/", allowed, above)
        elif stat.S_ISREG(mode):
            yield name, path
        else:
            raise IotgenError(f"{path} is neither a file nor a folder", "Remove it from the source folder.")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder / name for name in os.listdir(folder))  # noqa: PTH208 (iterdir gives the same, slower)
    except FileNotFoundError:
        raise IotgenError(f"there is no folder {folder}", "Check the path in the spec.") from None
    except NotADirectoryError:
        raise IotgenError(f"{folder} is a file, not a folder", "Name the folder that it is in.") from None
    except OSError as error:
        raise refused(error, "read", folder) from error


def _follow(path: Path, allowed: Sequence[Path]) -> Path:
    """The real path; IotgenError if it does not exist, or is outside the `allowed` folders."""
    try:
        real = path.resolve(strict=True)
    except FileNotFoundError:
        if path.is_symlink():
            raise IotgenError(f"{path} is a broken link", "Correct the link or remove it.") from None
        raise IotgenError(f"there is no folder {path}", "Check the path in the spec.") from None
    except (OSError, RuntimeError) as error:
        if isinstance(error, PermissionError):
            raise refused(error, "read", path) from error
        raise IotgenError(f"{path} is a circular link", "Remove the link.") from None
    if not any(real.is_relative_to(root) for root in allowed):
        raise IotgenError(
            f"{path} leads out of the project, to {real}",
            "Copy it into the project: otherwise the zip would differ from machine to machine.",
        )
    return real


# Of node_modules, what npm and build tools keep there for themselves. Packages do have names with a dot.
_MODULES = "node_modules/"
_OF_NPM = (".bin", ".cache", ".package-lock.json")


def _is_omitted(name: str, prefix: str) -> bool:
    if f"/{_MODULES}" in f"/{prefix}":
        return name in _OF_NPM
    return (
        name.startswith(".")
        or name == "__pycache__"
        or name.endswith(_LEFTOVERS)
        or (name.startswith("#") and name.endswith("#"))
    )


def _refuse_file_as_folder(files: Iterable[str]) -> None:
    """IotgenError if a file has the name of a folder: the zip could not be unpacked."""
    names = set(files)
    for name in sorted(names):
        parts = name.split("/")
        for depth in range(1, len(parts)):
            if (folder := "/".join(parts[:depth])) in names:
                raise IotgenError(
                    f"{folder} would be both a file and a folder in the zip", "Rename one of them."
                )
