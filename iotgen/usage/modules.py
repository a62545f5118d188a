"""The modules of a function's zip that its handler imports, and their imports from elsewhere."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from iotgen.kinds.functions import Function
from iotgen.model.sources import PythonFiles, Sources
from iotgen.usage.facts import Facts, Import, NotPython, Version, read_facts

# Names that load modules or run code dynamically.
_LOADERS = frozenset({"importlib", "import_module", "__import__", "runpy", "pkgutil", "exec", "eval"})


@dataclass(frozen=True, eq=False)
class Module:
    """A module in the zip; `own` if it is in the function's source folder, not in an included one."""

    name: str
    file: str
    own: bool
    facts: Facts

    @property
    def package(self) -> str:
        """The package that its relative imports start from; empty for a top-level module."""
        return self.name if self.file.endswith("/__init__.py") else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Unparsed:
    """A file that is not valid Python; `folder` is the folder of the spec that it is in."""

    folder: str
    file: str
    error: NotPython


@dataclass(frozen=True, eq=False)
class Code:
    """The code that can run when the handler is invoked; `foreign` are imported modules outside of the zip.

    `complete` if all of it could be read.
    """

    modules: Mapping[str, Module]
    unparsed: tuple[Unparsed, ...]
    foreign: frozenset[str]
    complete: bool


def read_code(function: Function, sources: Sources) -> Code | None:
    """The code of `function`; None if it is missing or too large, or none that can be read."""
    if not function.read:
        return None
    folders = []
    for folder in function.folders:
        files = sources.code.get(folder)
        if files is None:
            return None
        folders.append((folder, files))
    major, _, minor = function.runtime.removeprefix("python").partition(".")
    return _read(function.entry, (int(major), int(minor)), tuple(folders))


@lru_cache(maxsize=4096)  # asked by every rule
def _read(handler: str, version: Version, folders: tuple[tuple[str, PythonFiles], ...]) -> Code | None:
    reader = _Reader(version, dict(_zipped(folders)), folders[0][0])
    reader.read(handler.rpartition(".")[0])
    if not reader.modules and not reader.unparsed:
        return None
    return Code(reader.modules, tuple(reader.unparsed), frozenset(reader.foreign), reader.complete)


def _zipped(
    folders: tuple[tuple[str, PythonFiles], ...],
) -> Iterator[tuple[str, tuple[str, str, str | None]]]:
    """Each module's name, with its folder, the file in it, and its text."""
    for index, (folder, files) in enumerate(folders):
        under = f"{folder.rstrip('/').rpartition('/')[2]}/" if index else ""
        for path, text in files:
            yield _module_name(under + path), (folder, path, text)


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass
class _Reader:
    version: Version
    files: Mapping[str, tuple[str, str, str | None]]
    source: str
    modules: dict[str, Module] = field(default_factory=dict)
    unparsed: list[Unparsed] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    complete: bool = True

    def __post_init__(self) -> None:
        self.packages = {name.partition(".")[0] for name in self.files}
        self.known = self.version <= sys.version_info[:2]

    def read(self, module: str) -> None:
        """Read `module` and all that it imports."""
        waiting = list(with_packages(module))
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.files:
                waiting += self._read_file(name)
            elif name.partition(".")[0] not in self.packages:
                self.foreign.add(name)

    def _read_file(self, name: str) -> list[str]:
        """Read one module; return the names of all modules that it may import."""
        folder, path, text = self.files[name]
        facts = read_facts(text, min(self.version, sys.version_info[:2])) if text is not None else None
        file = f"{folder.rstrip('/')}/{path}"
        if not isinstance(facts, Facts):
            self.complete = False
            if facts and self.known:  # newer syntax than this Python's may be valid
                self.unparsed.append(Unparsed(folder, file, facts))
            return []
        module = Module(name, file, folder == self.source, facts)
        self.modules[name] = module
        self.complete &= not (_LOADERS & facts.names)
        return [name for item in facts.imports for name in with_packages(_imported(item, module.package))]


def _imported(item: Import, package: str) -> str:
    """The full name of an imported module, or of a name in one."""
    above = package.split(".")[: len(package.split(".")) - item.level + 1] if item.level else []
    return ".".join(part for part in (*above, item.module, item.name) if part and part != "*")


def with_packages(name: str) -> Iterator[str]:
    """The names of the packages around a module, then its own."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
