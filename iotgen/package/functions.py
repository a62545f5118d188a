"""Handler folders to function zips."""

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
    """Zip what `source` holds at the zip's root, and each included folder under its own name.

    The bytes follow from the files' names and contents alone. Left out are `__pycache__`, compiled files,
    names that begin with a dot, and what editors leave behind. Symbolic links are followed as long as they
    stay in `project` (without it: in the folders given). Raises IotgenError for a folder that isn't there or
    has nothing in it, a file that occurs twice, a link that leads out or in circles, what can't be read, and
    a full disk.
    """
    files = function_files(source, include, project)
    written = write_beside(destination, lambda out: write_zip(out, entries(files)))
    return Artifact(destination, written.sha256, written.size, written.unzipped)


def function_files(source: Path, include: Sequence[Path], project: Path | None) -> dict[str, Path]:
    """Map each name in the zip to its file, sorted by the name's bytes."""
    places = [("", source), *((f"{_own_name(folder)}/", folder) for folder in include)]
    allowed = [path.resolve() for path in ([project] if project else [source, *include])]
    files: dict[str, Path] = {}
    for prefix, folder in places:
        walked = dict(_walk(folder, prefix, allowed))
        if not walked:
            raise IotgenError(f"{folder} holds no files to zip", "Put the handler there, or mend the path.")
        for name in sorted(files.keys() & walked.keys()):
            raise IotgenError(
                f"{files[name]} and {walked[name]} would both be {name} in the zip",
                "Rename one of them, or leave the folder out of `include`.",
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
    """Read the files, one at a time; IotgenError for one that can't be."""
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
    """Yield names in the zip and paths of the files below a folder; `above` are the folders it lies in."""
    above = (*above, _follow(folder, allowed))
    for path in _listed(folder):
        if _left_out(path.name):
            continue
        name, real = prefix + path.name, path
        if path.is_symlink():
            real = _follow(path, allowed)
            if any(passed.is_relative_to(real) for passed in above):
                raise IotgenError(f"{path} is a link to a folder that it lies in", "Remove the link.")
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
        raise IotgenError(f"{folder} is a file, not a folder", "Name the folder that holds it.") from None
    except OSError as error:
        raise refused(error, "read", folder) from error


def _follow(path: Path, allowed: Sequence[Path]) -> Path:
    """Give the real path; IotgenError where it lies outside what is allowed, or nowhere."""
    try:
        real = path.resolve(strict=True)
    except FileNotFoundError:
        if path.is_symlink():
            raise IotgenError(f"{path} is a link to nothing", "Mend the link or remove it.") from None
        raise IotgenError(f"there is no folder {path}", "Check the path in the spec.") from None
    except (OSError, RuntimeError) as error:
        if isinstance(error, PermissionError):
            raise refused(error, "read", path) from error
        raise IotgenError(f"{path} is a link that leads in circles", "Remove the link.") from None
    if not any(real.is_relative_to(root) for root in allowed):
        raise IotgenError(
            f"{path} leads out of the project, to {real}",
            "What is zipped has to lie in the project, or the zip would differ from machine to machine: "
            "copy it there.",
        )
    return real


def _left_out(name: str) -> bool:
    return (
        name.startswith(".")
        or name == "__pycache__"
        or name.endswith(_LEFTOVERS)
        or (name.startswith("#") and name.endswith("#"))
    )


def _refuse_file_as_folder(files: Iterable[str]) -> None:
    """Refuse a file that has the name of a folder: it couldn't be unpacked."""
    names = set(files)
    for name in sorted(names):
        parts = name.split("/")
        for depth in range(1, len(parts)):
            if (folder := "/".join(parts[:depth])) in names:
                raise IotgenError(
                    f"{folder} would be both a file and a folder in the zip", "Rename one of them."
                )
