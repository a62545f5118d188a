"""The scopes of a module, and all that is bound to each name in them."""

import ast
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Binding:
    """A value that a name gets, and where it is worked out; without a value it can't be told."""

    value: ast.AST | None
    scope: "Scope"


@dataclass(eq=False)
class Scope:
    """A module, class or function; `outer` is where names are looked up next.

    `owner` is the class whose method it is, or is in; a class's bindings are those of its objects too.
    """

    node: ast.AST
    outer: "Scope | None" = None
    owner: "Scope | None" = None
    itself: str = ""
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    inner: dict[ast.AST, "Scope"] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def look_up(self, name: str) -> list[Binding]:
        """All that `name` can be here."""
        scope: Scope | None = self
        while scope:
            if name in scope.bindings:
                return scope.bindings[name]
            scope = scope.outer
        return []

    def bind(self, name: str, value: ast.AST | None) -> None:
        """Note that `name` gets `value`."""
        target = self
        if name in self.elsewhere:  # `global`, or `nonlocal`, which is told apart by nobody here
            while target.outer:
                target = target.outer
        target.bindings.setdefault(name, []).append(Binding(value, self))


def read_scopes(tree: ast.Module) -> Scope:
    """The scope of a module, with those in it."""
    module = Scope(tree)
    _fill(module, tree)
    return module


def _fill(scope: Scope, node: ast.AST) -> None:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            _function(scope, child)
        elif isinstance(child, ast.ClassDef):
            scope.bind(child.name, child)
            scope.inner[child] = Scope(child, _visible(scope))
            _fill(scope.inner[child], child)
        else:
            _bind(scope, child)
            _fill(scope, child)


def _visible(scope: Scope) -> Scope | None:
    """What is around a function: not the class that it is in."""
    return scope.outer if isinstance(scope.node, ast.ClassDef) else scope


def _function(scope: Scope, node: Function) -> None:
    scope.bind(node.name, node)
    of_class = isinstance(scope.node, ast.ClassDef)
    arguments = node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    inner = Scope(
        node,
        _visible(scope),
        scope if of_class else scope.owner,
        names[0] if of_class and names else scope.itself,
        elsewhere=frozenset(
            name
            for statement in ast.walk(node)
            if isinstance(statement, ast.Global | ast.Nonlocal)
            for name in statement.names
        ),
    )
    rest = [argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument]
    for name in (*names, *rest):
        inner.bind(name, None)
    scope.inner[node] = inner
    _fill(inner, node)


def _bind(scope: Scope, node: ast.AST) -> None:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assign(scope, target, value)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            _assign(scope, target, value)
        case ast.Import(names=names):
            for alias in names:
                scope.bind(alias.asname or alias.name.partition(".")[0], node)
        case ast.ImportFrom(names=names):
            for alias in names:
                scope.bind(alias.asname or alias.name, node)
        case ast.Lambda(args=arguments):
            for argument in ast.walk(arguments):
                if isinstance(argument, ast.arg):
                    scope.bind(argument.arg, None)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            scope.bind(name, None)
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            _assign(scope, target, None)
        case ast.comprehension(target=target) | ast.withitem(optional_vars=ast.expr() as target):
            _assign(scope, target, None)
        case ast.Delete(targets=targets):
            for target in targets:
                _assign(scope, target, None)
        case _:
            pass


def _assign(scope: Scope, target: ast.expr, value: ast.expr | None) -> None:
    if isinstance(target, ast.Name):
        scope.bind(target.id, value)
    elif isinstance(target, ast.Attribute):
        of_object = isinstance(target.value, ast.Name) and target.value.id == scope.itself
        if of_object and scope.owner:
            scope.owner.bindings.setdefault(target.attr, []).append(Binding(value, scope))
    elif not isinstance(target, ast.Subscript):
        for inner in ast.iter_child_nodes(target):
            if isinstance(inner, ast.expr):
                _assign(scope, inner, None)
