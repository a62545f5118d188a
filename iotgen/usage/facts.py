"""Facts about a Python module: its names, texts and imports."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Version = tuple[int, int]


@dataclass(frozen=True)
class Import:
    """An import of `name` from `module`, `level` packages up; without a name, of the module itself."""

    module: str
    name: str = ""
    level: int = 0


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of a module; `texts` are its string constants, also in f-strings, but no docstrings.

    `handing` are the nodes that can pass a value on: calls, assignments, returns, collections.
    `picks_attributes` if it calls `getattr` with a computed name. `global_names` are those that functions
    bind in the module.
    """

    tree: ast.Module
    texts: frozenset[str]
    names: frozenset[str]
    imports: tuple[Import, ...]
    handing: tuple[ast.AST, ...]
    picks_attributes: bool
    global_names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NotPython:
    """A text that is not valid Python; `line` is 0 if unknown."""

    line: int
    message: str


@lru_cache(maxsize=4096)  # functions share folders
def read_facts(text: str, version: Version) -> Facts | NotPython | None:
    """The facts of `text` as Python of that version; None if this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are for the function's own tests
            tree = ast.parse(text, feature_version=version)
    except SyntaxError as error:
        return NotPython(error.lineno or 0, error.msg or "invalid syntax")
    except (ValueError, RecursionError, MemoryError):  # a null byte, or nested too deeply
        return None
    return _facts(tree)


def _facts(tree: ast.Module) -> Facts:
    texts: set[str] = set()
    names: set[str] = set()
    others: list[ast.AST] = []
    documentation: set[ast.AST] = set()
    for node in ast.walk(tree):  # parents come before their children
        kind = type(node)  # twice as fast as `match`, in the loop where a check spends most of its time
        if kind is ast.Name:
            names.add(node.id)  # type: ignore[attr-defined]
        elif kind is ast.Attribute:
            names.add(node.attr)  # type: ignore[attr-defined]
        elif kind is ast.Expr:
            documentation.add(node.value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str) and node not in documentation:
                texts.add(node.value)
        elif kind in _OTHERS:
            others.append(node)
    return Facts(
        tree,
        frozenset(texts),
        frozenset(names),
        tuple(item for node in others for item in _imports(node)),
        tuple(others),
        any(_picks_attribute(node) for node in others),
        frozenset(name for node in others if isinstance(node, ast.Global) for name in node.names),
    )


# The nodes to keep: imports, and those that can pass a value on.
_HANDING = (ast.Call, ast.Assign, ast.NamedExpr, ast.Return, ast.List, ast.Tuple, ast.Dict)
_OTHERS = frozenset({ast.Import, ast.ImportFrom, ast.Global, *_HANDING})


def _imports(node: ast.AST) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (Import(node.module or "", alias.name, node.level) for alias in node.names)


def _picks_attribute(node: ast.AST) -> bool:
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"
    return named and not (len(node.args) > 1 and isinstance(node.args[1], ast.Constant))  # type: ignore[attr-defined]
