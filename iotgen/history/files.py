"""The files of a project that a deployment is made from."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from iotgen.model.sources import Sources
from iotgen.reading import read_bytes
from iotgen.system import explained

_COMPILED = (".pyc", ".pyo")
# A function's code, unzipped, has at most this size on Lambda.
_LARGEST = 262_144_000


def spec_in(root: Path, spec: Path) -> str:
    """The path of the spec in the snapshot of its project."""
    path = spec.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else spec.name


def project_files(root: Path, spec: Path, sources: Sources, own: Iterable[str]) -> dict[str, bytes]:
    """The spec and every file that it names, by path; `own` are the paths in `terraform/`."""
    files = {spec_in(root, spec): _content(spec)}
    for name in (*_named(sources), *own):
        files[name] = _content(root / name)
    return files


def _named(sources: Sources) -> Iterator[str]:
    yield from (name for name, text in sources.texts.items() if text is not None)
    for folder, names in sources.folders.items():
        yield from (f"{folder.rstrip('/')}/{name}" for name in names or () if _packaged(name))


def _packaged(name: str) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/"))
    return not hidden and not name.endswith(_COMPILED)


def _content(path: Path) -> bytes:
    with explained("read", path):
        return read_bytes(path, _LARGEST)
