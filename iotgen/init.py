"""A new project, from the reference pipeline."""

import shutil
from pathlib import Path

from iotgen import bundled
from iotgen.errors import IotgenError

GITIGNORE = "/out/\n__pycache__/\n"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")


def init(folder: Path) -> tuple[str, ...]:
    """Write specs, handlers and a .gitignore into `folder`; return what was written, by its path there.

    IotgenError when any of it is there already, or can't be written; then nothing is changed.
    """
    source = bundled.reference()
    for name in ("specs", "handlers"):
        if (folder / name).exists():
            raise IotgenError(
                f"{folder / name} is there already", "choose an empty folder: `iotgen init DIR`"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("specs", "handlers"):
            shutil.copytree(source / name, folder / name, ignore=_NOT_COPIED)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    except (OSError, shutil.Error) as error:
        raise IotgenError(f"cannot write the project into {folder}: {error}") from error
    made = [path.relative_to(folder) for path in sorted(folder.glob("specs/*"))]
    made += [path.relative_to(folder) for path in sorted(folder.glob("handlers/*")) if path.is_dir()]
    return tuple(path.as_posix() for path in made)
