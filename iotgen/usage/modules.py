"""The modules of a function's zip that its handler imports, and what they import from elsewhere."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from iotgen.kinds.functions import Function
from iotgen.model.sources import PythonFiles, Sources
from iotgen.usage.facts import Facts, Import, NotPython, Version, read_facts

# What reads modules, or runs code, by a name that is made while the function runs.
_LOADERS = frozenset({"importlib", "import_module", "__import__", "runpy", "pkgutil", "exec", "eval"})


@dataclass(frozen=True, eq=False)
class Module:
    """A module in the zip; `own` when it is of the function's source folder, not of an included one."""

    name: str
    file: str
    own: bool
    facts: Facts

    @property
    def package(self) -> str:
        """The package that its relative imports start from; empty for a module that is in none."""
        return self.name if self.file.endswith("/__init__.py") else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class Unparsed:
    """A file that isn't Python; `folder` is the one of the spec's that it lies in."""

    folder: str
    file: str
    error: NotPython


@dataclass(frozen=True, eq=False)
class Code:
    """What can run when the handler is called; `foreign` are the modules that the zip hasn't got.

    `complete` when all of it could be read.
    """

    modules: Mapping[str, Module]
    unparsed: tuple[Unparsed, ...]
    foreign: frozenset[str]
    complete: bool


def read_code(function: Function, sources: Sources) -> Code | None:
    """The code of `function`; None when it isn't there, or is more than is read."""
    folders = []
    for folder in (function.source, *function.include):
        files = sources.code.get(folder)
        if files is None:
            return None
        folders.append((folder, files))
    major, _, minor = function.runtime.removeprefix("python").partition(".")
    return _read(function.handler, (int(major), int(minor)), tuple(folders))


@lru_cache(maxsize=4096)  # every rule asks
def _read(handler: str, version: Version, folders: tuple[tuple[str, PythonFiles], ...]) -> Code | None:
    reader = _Reader(version, dict(_zipped(folders)), folders[0][0])
    reader.read(handler.rpartition(".")[0])
    if not reader.modules and not reader.unparsed:
        return None
    return Code(reader.modules, tuple(reader.unparsed), frozenset(reader.foreign), reader.complete)


def _zipped(
    folders: tuple[tuple[str, PythonFiles], ...],
) -> Iterator[tuple[str, tuple[str, str, str | None]]]:
    """By module name: the folder, the file in it, and its text."""
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
        """Read one module; give the names of all that it may import."""
        folder, path, text = self.files[name]
        facts = read_facts(text, min(self.version, sys.version_info[:2])) if text is not None else None
        file = f"{folder.rstrip('/')}/{path}"
        if not isinstance(facts, Facts):
            self.complete = False
            if facts and self.known:  # what is newer than this Python may be sound all the same
                self.unparsed.append(Unparsed(folder, file, facts))
            return []
        module = Module(name, file, folder == self.source, facts)
        self.modules[name] = module
        self.complete &= not (_LOADERS & facts.names)
        return [name for item in facts.imports for name in with_packages(_imported(item, module.package))]


def _imported(item: Import, package: str) -> str:
    """The full name of what is imported: a module, or something in one."""
    above = package.split(".")[: len(package.split(".")) - item.level + 1] if item.level else []
    return ".".join(part for part in (*above, item.module, item.name) if part and part != "*")


def with_packages(name: str) -> Iterator[str]:
    """The name of a module behind those of the packages that it is in."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])
