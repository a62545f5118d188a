"""A function's modules, once for each container: its code as it is, the world around it simulated.

What Python's own modules tell of time, chance, threads and the environment comes from the container; other
modules are Python's and the layers' own, shared by all containers.
"""

import builtins
import importlib.util
import sys
from collections.abc import Mapping
from os.path import relpath
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from iotgen.prove.images import Image
from iotgen.prove.seen import NOTE, Seen

# Of Python's library, loaded anew in each container: they wait by `threading` and `time`, as simulated.
_WAITING = ("concurrent.futures", "queue")

Module = ModuleType


class Code:
    """The compiled code of a function: where its modules lie in its zip, by their names.

    `replaced` has other texts for some files, by their paths from `root`, the project's folder. `seen` takes
    the lines that ran.
    """

    def __init__(
        self, folders: tuple[Path, ...], root: Path, replaced: Mapping[str, str] | None = None
    ) -> None:
        self._folders, self._root = folders, root.resolve()
        self._replaced = replaced or {}
        self._compiled: dict[str, tuple[CodeType, bool] | None] = {}
        self.seen = Seen()

    def find(self, name: str) -> tuple[CodeType, bool] | None:
        """The code of a module and whether it is a package; None where the function has none of that name."""
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def _compile(self, name: str) -> tuple[CodeType, bool] | None:
        parts = Path(*name.split("."))
        for folder in self._folders:
            for file, is_package in ((folder / parts / "__init__.py", True), (folder / f"{parts}.py", False)):
                if file.is_file():
                    path = relpath(file.resolve(), self._root)
                    text = self._replaced.get(path) or file.read_text("utf-8")
                    return compile(self.seen.noting(path, text), str(file), "exec"), is_package
            if (folder / parts).is_dir() and any((folder / parts).glob("*.py")):
                return compile("", "", "exec"), True
        if any(one.startswith(f"{name}.") for one in _WAITING):
            return compile("", "", "exec"), True
        if name in _WAITING or name.startswith(tuple(f"{one}." for one in _WAITING)):
            return _library(name)
        return None


def _library(name: str) -> tuple[CodeType, bool] | None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    text = Path(spec.origin).read_bytes()
    return compile(text, spec.origin, "exec"), spec.submodule_search_locations is not None


def _own(code: CodeType, notes: list[bool]) -> CodeType:
    """Code that no other container has: Python keeps in it where it found what, which holds for one alone.

    What it notes of itself goes to `notes`.
    """

    def own(constant: Any) -> Any:
        if isinstance(constant, CodeType):
            return _own(constant, notes)
        return notes if constant == NOTE else constant

    return code.replace(co_consts=tuple(map(own, code.co_consts)))


class Modules:
    """The modules of one container. `simulated` has those that stand for Python's own."""

    def __init__(self, code: Code, simulated: Mapping[str, Module]) -> None:
        self._code, self._simulated = code, simulated
        self._loaded: dict[str, Module] = {}
        self._builtins = {**vars(builtins), "__import__": self._import}
        self._first: dict[str, Module] = {}
        self._image = Image({}, ())

    def load(self, name: str) -> Module:
        """A module of the function, loaded where it was not yet."""
        if name in self._loaded:
            return self._loaded[name]
        found = self._code.find(name)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        parent, _, last = name.rpartition(".")
        if parent:
            self.load(parent)
        code, is_package = found
        module = ModuleType(name)
        module.__dict__.update(__builtins__=self._builtins, __file__=code.co_filename)
        module.__package__ = name if is_package else parent
        if is_package:
            module.__path__ = []
        self._loaded[name] = module
        try:
            exec(_own(code, self._code.seen.notes), module.__dict__)  # noqa: S102 - the function's own code, as Lambda runs it
        except BaseException:
            del self._loaded[name]
            raise
        if parent:
            setattr(self._loaded[parent], last, module)
        return module

    def remember(self) -> None:
        """Take an image of all state, as it is right after loading."""
        self._first = dict(self._loaded)
        found = (self._code.find(name) for name in self._first)
        self._image = Image(self._first, (one[0] for one in found if one))

    def reset(self) -> None:
        """Go back to the image: a new container has no memory of an old one.

        Modules that were loaded since are loaded anew.
        """
        others = len(self._loaded) > len(self._first)
        self._loaded = dict(self._first)
        self._image.restore(others=others)

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> Module:
        """What an import statement of the function's code calls."""
        if level:
            package = (globals or {}).get("__package__") or ""
            base = package.rsplit(".", level - 1)[0] if level > 1 else package
            name = f"{base}.{name}" if name else base
        if name in self._simulated:
            module = self._simulated[name]
            return module if fromlist or "." not in name else self._simulated[name.partition(".")[0]]
        if self._code.find(name) is None:
            if name.partition(".")[0] in self._simulated and name not in sys.modules:
                importlib.import_module(name)
            return builtins.__import__(name, globals, locals, fromlist, 0)
        module = self.load(name)
        if not fromlist:
            return self.load(name.partition(".")[0])
        for one in fromlist:
            if one != "*" and not hasattr(module, one) and self._code.find(f"{name}.{one}"):
                self.load(f"{name}.{one}")
        return module
