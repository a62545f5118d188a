"""The project's files, as the stages need them: the one place that reads them."""

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
# More than this is packages that were copied in, not a handler.
_MOST_PYTHON_FILES = 200


def cache_folder() -> Path:
    """Where built layers are kept: $IOTGEN_CACHE_DIR, or iotgen's folder in the user's cache."""
    if own := os.environ.get("IOTGEN_CACHE_DIR"):
        return Path(own)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "iotgen"
    except RuntimeError as error:  # neither HOME nor a user with a home
        raise IotgenError(
            "there is no home folder for the cache of layers", "Set IOTGEN_CACHE_DIR."
        ) from error


def read_spec(path: Path) -> str | Problem:
    """The spec's text, or why it can't be read."""
    line, column, hint = 1, 1, ""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        message, hint = "there is no such file", "`iotgen init DIR` writes a project to start from."
    except IsADirectoryError:
        message = "this is a folder, not a spec"
    except UnicodeDecodeError as error:
        line, column, message = not_utf8(error)
    except OSError as error:
        message = f"this file cannot be read: {reason(error)}"
    return Problem(str(path), line, column, "IOT001", message, hint=hint)


def editor_schema_of(spec: Path) -> dict[str, Any]:
    """The schema for an editor that has `spec` open; IotgenError when the file can't be read."""
    text = read_spec(spec)
    if isinstance(text, Problem):
        raise IotgenError(f"{spec}: {text.message}", text.hint)
    return editor_schema(schema(), load(text, str(spec))[0].data)


def find_root(spec: Path, data: Any) -> Path:
    """The project's folder, which the paths in a spec are relative to.

    It is the nearest folder, from the spec's own upwards, that has what the spec's paths begin with;
    without one, the working directory.
    """
    heads = {named.name.split("/")[0] for named in named_paths(data, schema())} - {"", ".", ".."}
    for folder in spec.absolute().parents:
        if any(_exists(folder / head) for head in heads):
            return folder
    return Path.cwd()


def read_sources(root: Path, data: Any) -> Sources:
    """What the spec's `data` names, read below `root`; what isn't there, or leads out, is None."""
    problems: list[Problem] = []
    named = tuple(named_paths(data, schema()))
    dirs = dict.fromkeys(one.name for one in named if one.is_folder)
    files = dict.fromkeys(one.name for one in named if not one.is_folder)
    outside = {name for name in (*dirs, *files) if not _within(root, name)}
    folders = {name: None if name in outside else _listing(root, name) for name in dirs}
    texts = {name: _text(root, name, problems) for name in files}
    code = {folder: _python(root, folder, found, problems) for folder, found in folders.items()}
    missing = [name for name, found in (*folders.items(), *texts.items()) if found is None]
    links = {name for folder, found in folders.items() for name in _links(root, folder, found or ())}
    outside |= {name for name in links if not _within(root, name)}
    return Sources(
        named=named,
        folders=folders,
        texts=texts,
        code=code,
        beside={name: _beside(root, name) for name in missing if name not in outside},
        outside=frozenset(outside),
        today=datetime.now(UTC).date(),
        unreadable=tuple(dict.fromkeys(problems)),
    )


def built_in_templates() -> dict[str, str]:
    """The text of each built-in template, by the name of its file."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(bundled.templates().glob("*.j2"))}


def own_terraform(root: Path) -> OwnFiles:
    """What Terraform would read of the project's folder `terraform/`: nothing of the folders in it."""
    problems, texts = list(_left_templates(root)), {}
    for name in _terraform_files(root / FOLDER, problems):
        file = f"{FOLDER}/{name}"
        if not _within(root, file):
            message = f"`{file}` leads out of the project through a symbolic link"
            hint = "Copy what it leads to into the project."
            problems.append(Problem(file, 1, 1, "IOT318", message, hint=hint))
        elif (text := _text(root, file, problems)) is not None:
            texts[name] = text
    return OwnFiles(texts, tuple(problems))


def _terraform_files(folder: Path, problems: list[Problem]) -> list[str]:
    """The names of the files that Terraform reads: no folders, and nothing that begins with a dot."""
    try:
        found = [path for path in folder.iterdir() if path.name.endswith((".tf", ".tf.json"))]
        return sorted(path.name for path in found if not path.name.startswith(".") and not path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        message = f"this folder cannot be read: {reason(error)}"
        problems.append(Problem(FOLDER, 1, 1, "IOT008", message))
        return []


def _left_templates(root: Path) -> Iterator[Problem]:
    """A problem where the project has templates, which have no effect any more."""
    folder, built_in = root / "templates", bundled.templates()
    left = sorted(folder.glob("*.tf.json.j2")) if folder.is_dir() and not folder.samefile(built_in) else []
    if left:
        message = "a project's own templates have no effect any more"
        hint = "Move changes to `overrides` in the spec, and additions to `terraform/`; remove `templates/`."
        yield Problem(f"templates/{left[0].name}", 1, 1, "IOT513", message, hint=hint)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # not a name that a file can have, or not ours to look at
        return False


def _within(root: Path, name: str) -> bool:
    """Whether a path stays in the project with its links followed; what isn't there stays in it."""
    try:
        return (root / name).resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, or not a name that a file can have
        return True


def _links(root: Path, folder: str, files: Iterable[str]) -> Iterator[str]:
    """The paths in the project of a folder's symbolic links, but for hidden ones: these are not packaged."""
    for file in files:
        hidden = any(part.startswith(".") for part in file.split("/"))
        if not hidden and (root / folder / file).is_symlink():
            yield f"{folder.rstrip('/')}/{file}"


def _listing(root: Path, name: str) -> tuple[str, ...] | None:
    """The files in a folder, also through links to folders; such a link is a file where it leads astray."""
    folder = root / name
    if not _exists(folder) or not folder.is_dir():
        return None
    found = []
    for here, folders, files in os.walk(folder, followlinks=True):
        below = Path(here).relative_to(folder)
        inner = sorted(name for name in folders if name not in _LEFT_OUT)
        folders[:] = [name for name in inner if _leads_on(root, Path(here) / name)]
        astray = [name for name in inner if name not in folders]
        found += [(below / name).as_posix() for name in sorted((*files, *astray))]
    return tuple(found)


def _leads_on(root: Path, folder: Path) -> bool:
    """Whether a folder is no link, or one that neither leaves the project nor goes round in a circle."""
    if not folder.is_symlink():
        return True
    inside = _within(root, str(folder.relative_to(root)))
    return inside and not folder.parent.resolve().is_relative_to(folder.resolve())


def _beside(root: Path, missing: str) -> tuple[str, ...]:
    """The paths that are there and differ from the `missing` one in the first part that isn't."""
    parts = missing.split("/")
    for depth in range(len(parts)):
        here = root.joinpath(*parts[:depth])
        if _exists(here / parts[depth]):
            continue
        names = sorted(entry.name for entry in here.iterdir()) if here.is_dir() else []
        found = [(*parts[:depth], name, *parts[depth + 1 :]) for name in names]
        return tuple("/".join(path) for path in found if _exists(root.joinpath(*path)))
    return ()


def _python(
    root: Path, folder: str, files: tuple[str, ...] | None, problems: list[Problem]
) -> PythonFiles | None:
    named = [file for file in files or () if file.endswith(".py")]
    if files is None or len(named) > _MOST_PYTHON_FILES:
        return None
    return tuple((file, _python_text(root, f"{folder.rstrip('/')}/{file}", problems)) for file in named)


def _python_text(root: Path, file: str, problems: list[Problem]) -> str | None:
    """The text of a module, in the encoding that it names."""
    content = _content(root, file, problems)
    if content is None:
        return None
    try:
        encoding, _ = detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except SyntaxError:
        pass  # it names an encoding that there isn't, or is not UTF-8 in its first lines
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            return None
    return _decoded(content, file, problems)


def _text(root: Path, file: str, problems: list[Problem]) -> str | None:
    content = _content(root, file, problems)
    return None if content is None else _decoded(content, file, problems)


def _content(root: Path, file: str, problems: list[Problem]) -> bytes | None:
    """What a file holds; None, and a problem unless it isn't there, when it cannot be read.

    What leads out of the project is not read; a rule reports it.
    """
    if not _within(root, file):
        return None
    try:
        return read_bytes(root / file)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # or not a name that a file can have
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
