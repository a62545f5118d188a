"""The project's files, as the stages need them: the one place that reads them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from iotgen import bundled
from iotgen.errors import IotgenError
from iotgen.model.pipeline import Sources
from iotgen.problem import Problem
from iotgen.spec.editor import editor_schema
from iotgen.spec.load import load
from iotgen.spec.schema import schema

_LEFT_OUT = {"__pycache__", ".git", ".venv"}


def cache_folder() -> Path:
    """Where built layers are kept: $IOTGEN_CACHE_DIR, or iotgen's folder in the user's cache."""
    if own := os.environ.get("IOTGEN_CACHE_DIR"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "iotgen"


def read_spec(path: Path) -> str | Problem:
    """The spec's text, or why it can't be read."""
    hint = "`iotgen init DIR` writes a project to start from" if not path.exists() else ""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        said = "there is no such file"
    except IsADirectoryError:
        said = "this is a folder, not a spec"
    except UnicodeDecodeError as error:
        said = f"this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
    except OSError as error:
        said = f"this file cannot be read: {error.strerror}"
    return Problem(str(path), 1, 1, "IOT001", said, hint=hint)


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
    heads = {named.split("/")[0] for named in (*_folders(data), *_files(data))} - {"", ".", ".."}
    for folder in spec.absolute().parents:
        if any(_exists(folder / head) for head in heads):
            return folder
    return Path.cwd()


def read_sources(root: Path, data: Any) -> Sources:
    """What the spec's `data` names, read below `root`; what isn't there is None."""
    return Sources(
        folders={folder: _listing(root / folder) for folder in dict.fromkeys(_folders(data))},
        texts={file: _text(root / file) for file in dict.fromkeys(_files(data))},
    )


def template_source(root: Path) -> Callable[[str], str | None]:
    """Finds a template by name: the project's own in `templates/`, else the built-in one."""
    folders = (root / "templates", bundled.templates())

    def find(name: str) -> str | None:
        for folder in folders:
            try:
                return (folder / name).read_text(encoding="utf-8")
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError) as error:
                raise IotgenError(f"{folder / name}: this template cannot be read: {error}") from error
        return None

    return find


def _section(data: Any, name: str) -> Iterator[dict[str, Any]]:
    section = data.get(name) if isinstance(data, dict) else None
    for settings in section.values() if isinstance(section, dict) else ():
        if isinstance(settings, dict):
            yield settings


def _folders(data: Any) -> Iterator[str]:
    for settings in (*_section(data, "functions"), *_section(data, "defaults")):
        if isinstance(settings.get("source"), str):
            yield settings["source"]
        include = settings.get("include")
        for folder in include if isinstance(include, list) else ():
            if isinstance(folder, str):
                yield folder


def _files(data: Any) -> Iterator[str]:
    for section, setting in (("layers", "requirements"), ("endpoints", "body")):
        for settings in _section(data, section):
            if isinstance(settings.get(setting), str):
                yield settings[setting]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # not a name that a file can have, or not ours to look at
        return False


def _listing(folder: Path) -> tuple[str, ...] | None:
    if not _exists(folder) or not folder.is_dir():
        return None
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        below = Path(here).relative_to(folder)
        found += [(below / name).as_posix() for name in sorted(files)]
    return tuple(found)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # not UTF-8, or not a name that a file can have
        raise IotgenError(f"{file}: this file cannot be read: {error}") from error
