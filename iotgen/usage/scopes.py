"""The scopes of a module, and the bindings of each name in them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Binding:
    """A value that is bound to a name, and its scope; the value is None if unknown."""

    value: ast.AST | None
    scope: "Scope"


@dataclass(eq=False)
class Scope:
    """The scope of a module, class or function; `outer` is where names are looked up next.

    `owner` is the class of the enclosing method; a class's bindings include those of its objects.
    """

    node: ast.AST
    outer: "Scope | None" = None
    owner: "Scope | None" = None
    itself: str = ""
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    inner: dict[ast.AST, "Scope"] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def look_up(self, name: str) -> list[Binding]:
        """All bindings of `name` that are visible here."""
        scope: Scope | None = self
        while scope:
            if name in scope.bindings:
                return scope.bindings[name]
            scope = scope.outer
        return []

    def bind(self, name: str, value: ast.AST | None) -> None:
        """Record that `name` is bound to `value`."""
        target = self
        if name in self.elsewhere:  # `global` or `nonlocal`, which are treated alike
            while target.outer:
                target = target.outer
        target.bindings.setdefault(name, []).append(Binding(value, self))


@lru_cache(maxsize=4096)
def read_scopes(tree: ast.Module) -> Scope:
    """The scope of a module, with its inner scopes."""
    module = Scope(tree)
    _fill(module, tree)
    return module


def _fill(scope: Scope, node: ast.AST) -> None:
    for child in ast.iter_child_nodes(node):
        _enter(scope, child)


def _enter(scope: Scope, node: ast.AST) -> None:
    if isinstance(node, Function):
        _function(scope, node)
    elif isinstance(node, ast.ClassDef):
        scope.bind(node.name, node)
        scope.inner[node] = Scope(node, _visible(scope))
        _fill(scope.inner[node], node)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            _assign(scope, target, node.value)
        _enter(scope, node.value)
    else:
        for name, value in _bound(node):
            scope.bind(name, value)
        _fill(scope, node)


def _function(scope: Scope, node: Function) -> None:
    scope.bind(node.name, node)
    first = [*node.args.posonlyargs, *node.args.args][:1]
    of_class = isinstance(scope.node, ast.ClassDef)
    inner = Scope(
        node,
        _visible(scope),
        scope if of_class else scope.owner,
        first[0].arg if of_class and first else scope.itself,
        elsewhere=frozenset(_elsewhere(node)),
    )
    scope.inner[node] = inner
    _fill(inner, node)


def _visible(scope: Scope) -> Scope | None:
    """The enclosing scope of a function, which is not its class."""
    return scope.outer if isinstance(scope.node, ast.ClassDef) else scope


def _elsewhere(function: Function) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names


def _assign(scope: Scope, target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Name):
        scope.bind(target.id, value)
    elif isinstance(target, ast.Attribute) and _is_itself(scope, target.value) and scope.owner:
        scope.owner.bindings.setdefault(target.attr, []).append(Binding(value, scope))
    else:
        _enter(scope, target)


def _is_itself(scope: Scope, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == scope.itself


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """The names that `node` binds, except assignments: to an import, or to an unknown value."""
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0], node
        case ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name, node
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name, None
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, None
        case _:
            pass
