"""Whether an import succeeds: from the zip, the standard library, the runtime or a layer."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.model.sources import Sources
from iotgen.usage.distributions import brought
from iotgen.usage.facts import Facts, Version
from iotgen.usage.imports import Needed, needed
from iotgen.usage.modules import Code, with_packages

# The modules of Lambda's runtimes: the SDK and its dependencies, the runtime's client, pip and related tools.
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
_RUNTIME = frozenset(
    {
        "__main__", "_distutils_hack", "awslambdaric", "boto3", "botocore", "dateutil", "jmespath",
        "pip", "pkg_resources", "s3transfer", "setuptools", "simplejson", "six", "snapshot_restore_py",
        "urllib3", "wheel",
    }
)  # fmt: skip

# The versions of Python that added or removed a module of the standard library.
# https://docs.python.org/3/whatsnew/3.12.html, https://docs.python.org/3/whatsnew/3.13.html
_ADDED: Mapping[str, Version] = {"tomllib": (3, 11)}
_REMOVED: Mapping[str, Version] = {
    **dict.fromkeys(("asynchat", "asyncore", "distutils", "imp", "smtpd"), (3, 12)),
    **dict.fromkeys(
        (
            "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "msilib",
            "nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib",
        ),
        (3, 13),
    ),
}  # fmt: skip

STANDARD = sys.stdlib_module_names | _REMOVED.keys() | _ADDED.keys()

# A module that uses these may define names dynamically.
_DYNAMIC = frozenset({"__getattr__", "__path__", "globals", "modules", "setattr", "exec", "eval", "vars"})
_COMPILED = (".so", ".pyc", ".pyd")


@dataclass(frozen=True, order=True)
class Missing:
    """A module that an import does not find, or with `name` a name that the module lacks.

    `certain` if there is no doubt, and the import runs when the handler is loaded. `module` is empty for a
    relative import beyond the top-level package.
    """

    file: str
    line: int
    column: int
    module: str
    name: str = ""
    certain: bool = True


def missing_imports(function: Function, code: Code, sources: Sources) -> tuple[Missing, ...]:
    """The imports of a function's code that fail, as far as the code shows."""
    places = _Places(function, code, sources)
    missing = {lost for item in needed(code, function.entry) if (lost := places.missing(item))}
    return () if missing and _looks_elsewhere(function, code) else tuple(sorted(missing))


class LayerModules:
    """The top-level modules and packages of a function's layers."""

    def __init__(self, function: Function, sources: Sources) -> None:
        layers = [(layer, sources.layer_modules.get(layer.key)) for layer in function.layers]
        unbuilt = [layer for layer, built in layers if built is None]
        texts = [sources.text(layer.requirements) for layer in unbuilt if layer.requirements]
        self._built = frozenset(top for _, built in layers for top in built or ())
        self._readable = None not in texts and not any(layer.arn or layer.artifact for layer in unbuilt)
        self._folders = frozenset(top for layer in unbuilt for top in _tops(layer, sources))
        self._brought = brought(text for text in texts if text is not None)

    def have(self, top: str) -> bool | None:
        """Whether a layer has, or may have, a module; None if that is unlikely."""
        if top in self._built | self._folders or not self._readable or self._brought.may_have(top):
            return True
        return None if self._brought.unknown else False


class _Places:
    """The places where a function's imports are looked up."""

    def __init__(self, function: Function, code: Code, sources: Sources) -> None:
        self._modules = code.modules
        self._zip = dict(_zipped(function, sources))
        major, _, minor = function.runtime.removeprefix("python").partition(".")
        self._version = (int(major), int(minor))
        self._layers = LayerModules(function, sources)

    def missing(self, item: Needed) -> Missing | None:
        """The module or name that an import does not find."""
        at = (item.file, item.line, item.column)
        if not item.module:
            return Missing(*at, "", certain=not item.late)
        if item.top in self._zip:
            lost = self._not_in_zip(item)
            return Missing(*at, *lost, certain=not item.late) if lost else None
        if self._in_python(item.top) or item.top in _RUNTIME:
            return None
        has = self._layers.have(item.top)
        return None if has else Missing(*at, item.top, certain=has is False and not item.late)

    def _in_python(self, top: str) -> bool:
        return top in STANDARD and _ADDED.get(top, (3, 0)) <= self._version < _REMOVED.get(top, (4, 0))

    def _not_in_zip(self, item: Needed) -> tuple[str, str] | None:
        """The module, or module and name, that a package in the zip lacks."""
        for name in with_packages(item.module):
            if name not in self._zip:
                above = name.rpartition(".")[0]
                unknown = self._zip[above] == _FOLDER or self._is_dynamic(above)
                return None if unknown else (name, "")
        if not item.name or self._has_name(item.module, item.name):
            return None
        return item.module, item.name

    def _has_name(self, module: str, name: str) -> bool:
        target = self._modules.get(module)
        if f"{module}.{name}" in self._zip or name.startswith("__") or target is None:
            return True
        return self._is_dynamic(module) or name in top_names(target.facts)

    def _is_dynamic(self, module: str) -> bool:
        target = self._modules.get(module)
        return target is None or is_dynamic(target.facts)


def _tops(layer: Layer, sources: Sources) -> Iterator[str]:
    """The top-level modules and packages of a layer that is a folder."""
    for file in sources.folders.get(layer.source) or () if layer.source else ():
        path = f"{layer.prefix}{file}"
        if path.startswith("python/"):
            *_, top = path.removeprefix("python/").partition("site-packages/")
            top = top or path.removeprefix("python/")
            yield top.partition("/")[0].partition(".")[0]


_FOLDER, _FILE = "folder", "file"


def _zipped(function: Function, sources: Sources) -> Iterator[tuple[str, str]]:
    """The modules in the zip by their names, each a file, or a folder without an `__init__.py`."""
    paths = list(sources.folders.get(function.source) or ())
    for folder in function.include:
        under = folder.rstrip("/").rpartition("/")[2]
        paths += [f"{under}/{path}" for path in sources.folders.get(folder) or ()]
    for path in paths:
        parts = path.split("/")
        yield from ((".".join(parts[:depth]), _FOLDER) for depth in range(1, len(parts)))
    for path in paths:
        if path.endswith((".py", *_COMPILED)):
            *above, file = path.split("/")
            stem = file.partition(".")[0]
            yield ".".join(above if stem == "__init__" else [*above, stem]), _FILE


def is_dynamic(facts: Facts) -> bool:
    """Whether a module may define names dynamically, or a package may have other modules."""
    stars = any(item.name == "*" for item in facts.imports)
    return stars or not _DYNAMIC.isdisjoint(facts.names | top_names(facts))


@lru_cache(maxsize=4096)  # asked for each import of a module
@lru_cache(maxsize=4096)
def top_names(facts: Facts) -> frozenset[str]:
    """The names that a module binds at its top level, also conditionally, or by `global` in a function."""
    names = set(facts.global_names)
    for statement in facts.tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)  # names in its body are local to it
        else:
            names.update(name for node in ast.walk(statement) for name in _bound(node))
    return frozenset(names)


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case _:
            pass


def _looks_elsewhere(function: Function, code: Code) -> bool:
    """Whether the code changes where Python looks for modules."""
    trees = (module.facts.tree for module in code.modules.values() if "sys" in module.facts.names)
    return "PYTHONPATH" in function.environment or any(
        isinstance(node, ast.Attribute)
        and node.attr in ("path", "meta_path", "path_hooks")
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
        for tree in trees
        for node in ast.walk(tree)
    )
