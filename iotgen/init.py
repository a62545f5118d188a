"""Creates a project from the reference pipeline."""

import json
import shutil
from pathlib import Path

from iotgen import bundled
from iotgen.errors import IotgenError
from iotgen.project import editor_schema_of
from iotgen.system import refused

# https://github.com/redhat-developer/yaml-language-server#using-inlined-schema
MODELINE = "# yaml-language-server: $schema={}"
# A device's key would be in its history for ever.
GITIGNORE = "/out/\n__pycache__/\n*.key\n"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")


def init(folder: Path) -> tuple[str, ...]:
    """Write specs, handlers and a .gitignore into `folder`; return the paths in it.

    Raises IotgenError if specs or handlers already exist, before writing anything, or if a write fails.
    """
    source = bundled.reference()
    for name in ("specs", "handlers"):
        if (folder / name).exists():
            raise IotgenError(f"{folder / name} already exists", "Choose an empty folder: `iotgen init DIR`.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("specs", "handlers"):
            shutil.copytree(source / name, folder / name, ignore=_NOT_COPIED)
        for spec in (folder / "specs").glob("*.yaml"):
            _give_schema(spec)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    except OSError as error:
        raise refused(error, "write", error.filename or folder) from error
    paths = [".gitignore", *(path.relative_to(folder).as_posix() for path in sorted(folder.glob("specs/*")))]
    return (*paths, *(path.relative_to(folder).as_posix() for path in sorted(folder.glob("handlers/*"))))


def _give_schema(spec: Path) -> None:
    """Write the schema for editors beside the spec, and the line in the spec that selects it."""
    schema = spec.with_name(f"{spec.stem}.schema.json")
    content = json.dumps(editor_schema_of(spec), indent=2, ensure_ascii=False)
    schema.write_text(content + "\n", encoding="utf-8")
    text = spec.read_text(encoding="utf-8")
    spec.write_text(f"{MODELINE.format(schema.name)}\n{text}", encoding="utf-8")
