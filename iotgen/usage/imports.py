"""The imports of a handler's modules, each with its line, and whether it certainly runs.

Conditional imports are left out (`try` with `except ImportError`, `with suppress(ImportError)`,
`if TYPE_CHECKING`): the code may work without them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from iotgen.usage.modules import Code, Module, with_packages

_CATCHING = frozenset({"BaseException", "Exception", "ImportError", "ModuleNotFoundError"})


@dataclass(frozen=True, order=True)
class Needed:
    """An import in `file` of `name` from `module`, or of the module itself.

    `late` if it is imported only when a function runs. `module` is empty for a relative import beyond the
    top-level package.
    """

    file: str
    line: int
    column: int
    module: str
    name: str = ""
    late: bool = False

    @property
    def top(self) -> str:
        """The top-level package or module."""
        return self.module.partition(".")[0]


@lru_cache(maxsize=4096)
def needed(code: Code, handler: str) -> tuple[Needed, ...]:
    """Every import of the modules that the handler's module reaches."""
    loaded = _reached(code, handler, late=False)
    items = [
        item if name in loaded else replace(item, late=True)
        for name in _reached(code, handler, late=True)
        for item in _of(code.modules[name])
    ]
    return tuple(sorted(set(items)))


def _reached(code: Code, handler: str, *, late: bool) -> set[str]:
    """The modules that are loaded with the handler's; with `late`, also those that functions load."""
    waiting = list(with_packages(handler.rpartition(".")[0]))
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in reached or name not in code.modules:
            continue
        reached.add(name)
        for item in _of(code.modules[name]):
            if late or not item.late:
                waiting += with_packages(f"{item.module}.{item.name}" if item.name else item.module)
    return reached


@lru_cache(maxsize=4096)
def _of(module: Module) -> tuple[Needed, ...]:
    return tuple(
        Needed(module.file, node.lineno, node.col_offset + 1, target, name, late)
        for node, late in _statements(module.facts.tree.body, late=False)
        for target, name in _targets(node, module)
    )


def _targets(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[tuple[str, str]]:
    """Module and name of each import of a statement."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
        return
    above = module.package.split(".") if module.package else []
    if node.level > len(above):
        base = "" if node.level else node.module or ""
    else:
        kept = above[: len(above) - node.level + 1] if node.level else []
        base = ".".join([*kept, *([node.module] if node.module else [])])
    yield from ((base, "" if alias.name == "*" else alias.name) for alias in node.names)


def _statements(body: list[ast.stmt], *, late: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """The imports that run when a body runs."""
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                yield statement, late
            case ast.FunctionDef(body=inner) | ast.AsyncFunctionDef(body=inner):
                yield from _statements(inner, late=True)
            case ast.ClassDef(body=inner) | ast.With(body=inner) | ast.AsyncWith(body=inner):
                if not _suppresses(statement):
                    yield from _statements(inner, late=late)
            case ast.Try(body=inner, handlers=handlers, orelse=orelse, finalbody=final):
                if not any(_catches(handler.type) for handler in handlers):
                    yield from _statements([*inner, *orelse], late=late)
                yield from _statements(final, late=late)
            case _:
                pass


def _suppresses(statement: ast.stmt) -> bool:
    """Whether a `with` suppresses the failure of an import, such as `contextlib.suppress(ImportError)`."""
    items = statement.items if isinstance(statement, ast.With) else []
    contexts = [item.context_expr for item in items]
    return any(
        _catches(argument)
        for context in contexts
        if isinstance(context, ast.Call) and _last_name(context.func) == "suppress"
        for argument in context.args
    )


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _catches(kind: ast.expr | None) -> bool:
    """Whether an `except` of this kind catches the failure of an import."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(not isinstance(one, ast.Name) or one.id in _CATCHING for one in kinds)
