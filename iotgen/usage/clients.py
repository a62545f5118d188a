"""The boto3 client or resource that an expression evaluates to, judging by its module alone.

A name stands for a client if everything that it is bound to evaluates to that client. Arguments and names
from other modules are unknown.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.usage.operations import ACTIONS, OBJECTS
from iotgen.usage.scopes import Binding, Scope

_DEEPEST = 16
# Other settings may give a client other permissions: credentials of its own, another endpoint.
_HARMLESS = frozenset({"service_name", "region_name", "config", "api_version", "use_ssl", "verify"})
# Common names of objects that create clients: `services.client("sqs")`. A session may have any credentials.
_GIVERS = frozenset({"services", "clients", "aws"})
_PROPERTIES = frozenset({"property", "cached_property"})


@dataclass(frozen=True)
class Handle:
    """An object of boto3.

    `kind` is boto3, session (the module and its sessions), Session, make_client, make_resource (their
    factories), client, resource, or the method of a resource that created the object.
    """

    kind: str
    service: str = ""

    def has(self, method: str) -> bool:
        """Whether `method` is a known operation."""
        if self.kind in ("client", "resource"):
            return method in ACTIONS.get(self.service, {})
        return method in OBJECTS.get(self.service, {}).get(self.kind, frozenset())


_OF_BOTO3 = {
    "client": Handle("make_client"),
    "resource": Handle("make_resource"),
    "Session": Handle("Session"),
    "session": Handle("boto3"),
}


def evaluate(node: ast.AST | None, scope: Scope, depth: int = 0) -> Handle | None:
    """The handle that the expression `node` evaluates to in `scope`; None if unknown."""
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Name(id=name):
            return _agreed(scope.look_up(name), name, depth)
        case ast.Attribute(value=ast.Name(id=itself), attr=name) if itself == scope.itself and scope.owner:
            return _agreed(scope.owner.bindings.get(name, []), name, depth)
        case ast.Attribute(value=base, attr=name):
            return _attribute(evaluate(base, scope, depth + 1), name)
        case ast.Call():
            return _called(node, scope, depth + 1)
        case ast.IfExp(body=body, orelse=other):
            return _same(evaluate(part, scope, depth + 1) for part in (body, other))
        case ast.NamedExpr(value=value):
            return evaluate(value, scope, depth + 1)
        case _:
            return None


def _agreed(bindings: list[Binding], name: str, depth: int) -> Handle | None:
    """The handle on which all `bindings` agree; those to None are placeholders and do not count."""
    return _same(
        _bound(binding, name, depth + 1)
        for binding in bindings
        if not (isinstance(binding.value, ast.Constant) and binding.value.value is None)
    )


def _bound(binding: Binding, name: str, depth: int) -> Handle | None:
    value = binding.value
    match value:
        case ast.Import(names=names):
            whole = any(alias.name == "boto3" and (alias.asname or alias.name) == name for alias in names)
            return Handle("boto3") if whole else None
        case ast.ImportFrom(module="boto3" | "boto3.session", names=names, level=0):
            original = next((alias.name for alias in names if (alias.asname or alias.name) == name), "")
            return _OF_BOTO3.get(original)
        case ast.FunctionDef(decorator_list=decorators):
            named = {_last_name(decorator) for decorator in decorators}
            return _returned(value, binding.scope, depth) if named & _PROPERTIES else None
        case _:
            return evaluate(value, binding.scope, depth)


def _attribute(base: Handle | None, name: str) -> Handle | None:
    if base is None:
        return None
    if base.kind in ("boto3", "session"):
        return _OF_BOTO3.get(name)
    if base.kind == "resource" and name == "meta":
        return Handle("meta", base.service)
    return Handle("client", base.service) if base.kind == "meta" and name == "client" else None


def _called(call: ast.Call, scope: Scope, depth: int) -> Handle | None:
    makes = evaluate(call.func, scope, depth)
    if makes and makes.kind == "Session":
        settings = {keyword.arg for keyword in call.keywords}
        return Handle("session") if not call.args and settings <= {"region_name"} else None
    if makes and makes.kind in ("make_client", "make_resource"):
        return _made(call, makes.kind.removeprefix("make_"))
    match call.func:
        case ast.Attribute(value=base, attr="client" | "resource" as kind) if _last_name(base) in _GIVERS:
            return _made(call, kind)
        case ast.Attribute(value=base, attr=method):
            handle = evaluate(base, scope, depth)
            if handle and handle.kind == "resource" and method in OBJECTS.get(handle.service, {}):
                return Handle(method, handle.service)
        case _:
            pass
    return _same(_returned(binding.value, binding.scope, depth) for binding in _callee(call.func, scope))


def _callee(function: ast.expr, scope: Scope) -> list[Binding]:
    match function:
        case ast.Name(id=name):
            return scope.look_up(name)
        case ast.Attribute(value=ast.Name(id=itself), attr=name) if itself == scope.itself and scope.owner:
            return scope.owner.bindings.get(name, [])
        case _:
            return []


def _made(call: ast.Call, kind: str) -> Handle | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "service_name"]
    harmless = len(call.args) < 2 and {keyword.arg for keyword in call.keywords} <= _HARMLESS
    match [*call.args, *named]:
        case [ast.Constant(value=str(service)), *_] if harmless:
            return Handle(kind, service)
        case _:
            return None


def _returned(function: ast.AST | None, scope: Scope, depth: int) -> Handle | None:
    """The handle that a function returns, if it returns no other value."""
    inner = scope.inner.get(function) if isinstance(function, ast.FunctionDef) else None
    if inner is None or not isinstance(function, ast.FunctionDef):
        return None
    nodes = list(_own_nodes(function))
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return None
    return _same(evaluate(node.value, inner, depth + 1) for node in nodes if isinstance(node, ast.Return))


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of nested functions."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own_nodes(child)


def _same(handles: Iterable[Handle | None]) -> Handle | None:
    distinct = set(handles)
    return distinct.pop() if len(distinct) == 1 else None


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
