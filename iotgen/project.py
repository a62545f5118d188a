"""Reads the files of a project for the stages: no other module does."""

import io
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tokenize import detect_encoding
from typing import Any

from iotgen import bundled
from iotgen.errors import IotgenError
from iotgen.model.sources import PythonFiles, Sources
from iotgen.patch.own import FOLDER, OwnFiles
from iotgen.problem import Problem
from iotgen.reading import not_utf8, read_bytes
from iotgen.spec.editor import editor_schema
from iotgen.spec.load import load
from iotgen.spec.paths import named_paths
from iotgen.spec.schema import schema
from iotgen.system import reason

_LEFT_OUT = {"__pycache__", ".git", ".venv"}
# A folder with more files holds copied packages, not a handler.
_MOST_PYTHON_FILES = 200


def cache_folder() -> Path:
    """The folder of built layers: $IOTGEN_CACHE_DIR, or iotgen's folder in the user's cache."""
    if chosen := os.environ.get("IOTGEN_CACHE_DIR"):
        return Path(chosen)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "iotgen"
    except RuntimeError as error:  # neither HOME nor a user with a home folder
        raise IotgenError(
            "there is no home folder for the cache of layers", "Set IOTGEN_CACHE_DIR."
        ) from error


def read_spec(path: Path) -> str | Problem:
    """The spec's text, or the problem if it cannot be read."""
    line, column, hint = 1, 1, ""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        message, hint = "there is no such file", "Run `iotgen init DIR` for a project to start from."
    except IsADirectoryError:
        message = "this is a folder, not a spec"
    except UnicodeDecodeError as error:
        line, column, message = not_utf8(error)
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
    return Problem(str(path), line, column, "IOT001", message, hint=hint)


def editor_schema_of(spec: Path) -> dict[str, Any]:
    """The schema for an editor that has `spec` open; IotgenError if the file cannot be read."""
    text = read_spec(spec)
    if isinstance(text, Problem):
        raise IotgenError(f"{spec}: {text.message}", text.hint)
    return editor_schema(schema(), load(text, str(spec))[0].data)


def find_root(spec: Path, data: Any) -> Path:
    """The project's folder, which the paths in a spec are relative to.

    It is the nearest folder, from the spec's own upwards, that has the first part of any of these paths; if
    there is none, the working folder.
    """
    heads = {named.name.split("/")[0] for named in named_paths(data, schema())} - {"", ".", ".."}
    for folder in spec.absolute().parents:
        if any(_exists(folder / head) for head in heads):
            return folder
    return Path.cwd()


def read_sources(root: Path, data: Any) -> Sources:
    """The files and folders that the spec's `data` names, below `root`.

    Those that do not exist, or lead out of the project, are None.
    """
    problems: list[Problem] = []
    named = tuple(named_paths(data, schema()))
    dirs = dict.fromkeys(one.name for one in named if one.is_folder)
    files = dict.fromkeys(one.name for one in named if one.is_text)
    archives = dict.fromkeys(one.name for one in named if one.is_archive)
    outside = {name for name in (*dirs, *files, *archives) if not _within(root, name)}
    folders = {name: None if name in outside else _listing(root, name) for name in dirs}
    texts = {name: _text(root, name, problems) for name in files}
    code = {folder: _python(root, folder, listing, problems) for folder, listing in folders.items()}
    missing = [name for name, content in (*folders.items(), *texts.items()) if content is None]
    missing += archives
    links = {name for folder, listing in folders.items() for name in _links(root, folder, listing or ())}
    outside |= {name for name in links if not _within(root, name)}
    return Sources(
        named=named,
        folders=folders,
        texts=texts,
        code=code,
        archives=frozenset(name for name in archives if name not in outside and (root / name).is_file()),
        beside={name: _beside(root, name) for name in missing if name not in outside},
        outside=frozenset(outside),
        today=datetime.now(UTC).date(),
        unreadable=tuple(dict.fromkeys(problems)),
    )


def built_in_templates() -> dict[str, str]:
    """The text of each built-in template, by the name of its file."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(bundled.templates().glob("*.j2"))}


def own_terraform(root: Path) -> OwnFiles:
    """The files of the project's folder `terraform/` that Terraform reads, which are none in subfolders."""
    problems, texts = list(_left_templates(root)), {}
    for name in _terraform_files(root / FOLDER, problems):
        file = f"{FOLDER}/{name}"
        if not _within(root, file):
            message = f"`{file}` leads out of the project through a symbolic link"
            hint = "Copy the target of the link into the project."
            problems.append(Problem(file, 1, 1, "IOT318", message, hint=hint))
        elif (text := _text(root, file, problems)) is not None:
            texts[name] = text
    return OwnFiles(texts, tuple(problems))


def _terraform_files(folder: Path, problems: list[Problem]) -> list[str]:
    """The names of the files that Terraform reads: no folders, and no names that begin with a dot."""
    try:
        paths = [path for path in folder.iterdir() if path.name.endswith((".tf", ".tf.json"))]
        return sorted(path.name for path in paths if not path.name.startswith(".") and not path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        message = f"this folder cannot be read: {reason(error)}"
        problems.append(Problem(FOLDER, 1, 1, "IOT008", message))
        return []


def _left_templates(root: Path) -> Iterator[Problem]:
    """A problem if the project has templates, which no longer have any effect."""
    folder, built_in = root / "templates", bundled.templates()
    left = sorted(folder.glob("*.tf.json.j2")) if folder.is_dir() and not folder.samefile(built_in) else []
    if left:
        message = "a project's own templates no longer have any effect"
        hint = "Move changes to `overrides` in the spec, and additions to `terraform/`; remove `templates/`."
        yield Problem(f"templates/{left[0].name}", 1, 1, "IOT513", message, hint=hint)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # not a valid file name, or no permission
        return False


def _within(root: Path, name: str) -> bool:
    """Whether a path with its links resolved is inside the project; one that does not exist is."""
    try:
        return (root / name).resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # circular links, or not a valid file name
        return True


def _links(root: Path, folder: str, files: Iterable[str]) -> Iterator[str]:
    """The paths in the project of a folder's symbolic links, except hidden ones: these are not packaged."""
    for file in files:
        hidden = any(part.startswith(".") for part in file.split("/"))
        if not hidden and (root / folder / file).is_symlink():
            yield f"{folder.rstrip('/')}/{file}"


def _listing(root: Path, name: str) -> tuple[str, ...] | None:
    """The files in a folder and in linked ones; a link out of the project or in a circle counts as a file."""
    folder = root / name
    if not _exists(folder) or not folder.is_dir():
        return None
    listing = []
    for here, folders, files in os.walk(folder, followlinks=True):
        below = Path(here).relative_to(folder)
        inner = sorted(name for name in folders if name not in _LEFT_OUT)
        folders[:] = [name for name in inner if _is_followed(root, Path(here) / name)]
        links = [name for name in inner if name not in folders]
        listing += [(below / name).as_posix() for name in sorted((*files, *links))]
    return tuple(listing)


def _is_followed(root: Path, folder: Path) -> bool:
    """Whether a folder is not a link, or one that neither leaves the project nor is circular."""
    if not folder.is_symlink():
        return True
    inside = _within(root, str(folder.relative_to(root)))
    return inside and not folder.parent.resolve().is_relative_to(folder.resolve())


def _beside(root: Path, missing: str) -> tuple[str, ...]:
    """The existing paths that differ from the `missing` one only in its first missing part."""
    parts = missing.split("/")
    for depth in range(len(parts)):
        here = root.joinpath(*parts[:depth])
        if _exists(here / parts[depth]):
            continue
        names = sorted(entry.name for entry in here.iterdir()) if here.is_dir() else []
        candidates = [(*parts[:depth], name, *parts[depth + 1 :]) for name in names]
        return tuple("/".join(path) for path in candidates if _exists(root.joinpath(*path)))
    return ()


def _python(
    root: Path, folder: str, files: tuple[str, ...] | None, problems: list[Problem]
) -> PythonFiles | None:
    named = [file for file in files or () if file.endswith(".py") and "node_modules/" not in file]
    if files is None or len(named) > _MOST_PYTHON_FILES:
        return None
    return tuple((file, _python_text(root, f"{folder.rstrip('/')}/{file}", problems)) for file in named)


def _python_text(root: Path, file: str, problems: list[Problem]) -> str | None:
    """The text of a module, in the encoding that it declares."""
    content = _content(root, file, problems)
    if content is None:
        return None
    try:
        encoding, _ = detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except SyntaxError:
        pass  # it declares an unknown encoding, or its first lines are not UTF-8
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            return None
    return _decoded(content, file, problems)


def _text(root: Path, file: str, problems: list[Problem]) -> str | None:
    content = _content(root, file, problems)
    return None if content is None else _decoded(content, file, problems)


def _content(root: Path, file: str, problems: list[Problem]) -> bytes | None:
    """The content of a file; None if it cannot be read, with a problem unless it does not exist.

    A path that leads out of the project is not read; a rule reports it.
    """
    if not _within(root, file):
        return None
    try:
        return read_bytes(root / file)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # ValueError: not a valid file name
        message = f"this file cannot be read: {reason(error)}"
        problems.append(Problem(file, 1, 1, "IOT008", message, hint="Name a text file of the project."))
        return None


def _decoded(content: bytes, file: str, problems: list[Problem]) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column, message = not_utf8(error)
        problems.append(Problem(file, line, column, "IOT008", message, hint="Save the file as UTF-8."))
        return None
