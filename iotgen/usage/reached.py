"""The variables that a handler certainly reads, and the operations that it certainly calls, by line.

Only the function's own folder counts: included folders are shared, and partly for other functions. In a
module, the code counts that runs when it is loaded, or that such code mentions.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from iotgen.usage.clients import evaluate
from iotgen.usage.facts import Facts
from iotgen.usage.mentions import PREFIXES
from iotgen.usage.modules import Code
from iotgen.usage.operations import ACTIONS
from iotgen.usage.scopes import Scope, read_scopes

_VARIABLE = re.compile(rf"(?:{'|'.join(PREFIXES)})[A-Z0-9_]+\Z")
_ENVIRONMENTS = frozenset({"environ", "environment", "env"})
_METHODS = frozenset(method for methods in ACTIONS.values() for method in methods)
# `except Exception` is not meant for a missing variable.
_CATCHING = frozenset({"KeyError", "LookupError"})


@dataclass(frozen=True, order=True)
class Read:
    """A variable that is read; `optional` if its absence raises nothing."""

    file: str
    line: int
    variable: str
    optional: bool

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, order=True)
class Call:
    """A call of a service's operation.

    `arguments` are its named ones, with their texts where they are constants, empty otherwise; None if there
    may be others.
    """

    file: str
    line: int
    service: str
    operation: str
    arguments: tuple[tuple[str, str], ...] | None = field(default=None, compare=False)

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"

    def lacks(self, argument: str) -> bool:
        """Whether it is certainly called without an argument."""
        return self.arguments is not None and argument not in dict(self.arguments)

    def text(self, argument: str) -> str:
        """The constant text of an argument, empty if there is none."""
        return dict(self.arguments or ()).get(argument, "")

    @property
    def action(self) -> str:
        """The IAM action that it needs; empty if a text decides that is not known."""
        needed = ACTIONS[self.service][self.operation]
        return needed if isinstance(needed, str) else needed.action(self.text(needed.argument))


@dataclass(frozen=True)
class Uses:
    """The reads and calls of code, sorted by file and line."""

    reads: tuple[Read, ...]
    calls: tuple[Call, ...]


@dataclass(eq=False)
class _Definition:
    """A top-level function or class of a module, or, without a name, the rest of it."""

    name: str
    names: set[str] = field(default_factory=set)
    reads: list[tuple[int, str, bool]] = field(default_factory=list)
    calls: list[tuple[int, str, str, tuple[tuple[str, str], ...] | None]] = field(default_factory=list)


@lru_cache(maxsize=4096)
def uses(code: Code, handler: str) -> Uses:
    """The reads and calls that the handler reaches."""
    own = [module for module in code.modules.values() if module.own]
    waiting = [(module.file, one) for module in own for one in _definitions(module.facts)]
    names = {handler.rpartition(".")[2], ""}
    reads: list[Read] = []
    calls: list[Call] = []
    while reached := [(file, one) for file, one in waiting if one.name in names]:
        waiting = [entry for entry in waiting if entry not in reached]
        for file, definition in reached:
            names |= definition.names
            reads += [Read(file, *read) for read in definition.reads]
            calls += [Call(file, *call) for call in definition.calls]
    return Uses(tuple(sorted(reads)), tuple(sorted(calls)))


@lru_cache(maxsize=4096)
def _definitions(facts: Facts) -> tuple[_Definition, ...]:
    try:
        return _read_definitions(facts)
    except RecursionError:  # hundreds of operators in a row: such a module is skipped
        return ()


def _read_definitions(facts: Facts) -> tuple[_Definition, ...]:
    scope = read_scopes(facts.tree)
    rest = _Definition("")
    definitions = [rest]
    for statement in facts.tree.body:
        definition = rest
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            registered = any(isinstance(decorator, ast.Call) for decorator in statement.decorator_list)
            definition = rest if registered else _Definition(statement.name)  # `@app.get("/x")` calls it
            definitions.append(definition)
        _Walk(definition, scope).visit(statement)
    provided = {text for node in ast.walk(facts.tree) for text in _provided(node)}
    for definition in definitions:
        definition.reads = [read for read in definition.reads if read[1] not in provided]
    return tuple(dict.fromkeys(definitions))


def _provided(node: ast.AST) -> Iterator[str]:
    """The variables that the code itself sets, or tests for before it reads them."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(text)), ctx=ast.Store()):
            yield text
        case ast.Compare(left=ast.Constant(value=str(text)), ops=[ast.In() | ast.NotIn()]):
            yield text
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value=str(text)), *_]):
            yield text
        case _:
            pass


class _Walk(ast.NodeVisitor):
    """Fills a definition from the nodes in it."""

    def __init__(self, definition: _Definition, scope: Scope) -> None:
        self._definition = definition
        self._scope = scope
        self._asked = 0  # depth in code that handles an empty variable
        self._caught = 0  # depth in code that handles a missing one

    def generic_visit(self, node: ast.AST) -> None:
        """Visit the children in the scope of the node."""
        outer = self._scope
        self._scope = outer.inner.get(node, outer)
        super().generic_visit(node)
        self._scope = outer

    def visit_Name(self, node: ast.Name) -> None:
        """Note a name."""
        self._definition.names.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note an attribute."""
        self._definition.names.add(node.attr)
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        """Note an import under another name."""
        if node.asname:
            self._definition.names.add(node.name)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Note `os.environ["TABLE_X"]`."""
        if isinstance(node.ctx, ast.Load) and _last_name(node.value) in _ENVIRONMENTS and not self._caught:
            self._read(node.slice, optional=False)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Note `os.environ.get("TABLE_X")`, `os.getenv("TABLE_X")`, and calls on a client."""
        alone = len(node.args) == 1 and not node.keywords
        if _gets(node.func) and alone and not self._asked:
            self._read(node.args[0], optional=True)
        if isinstance(node.func, ast.Attribute):
            self._call(node, node.func)
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        """Skip a variable whose absence is caught."""
        caught = any(_catches(handler.type) for handler in node.handlers)
        self._caught += caught
        for statement in node.body:
            self.visit(statement)
        self._caught -= caught
        for part in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(part)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Skip a variable with a fallback value."""
        self._in_doubt(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Skip a variable that is compared, for example with None."""
        self._in_doubt(node)

    def visit_If(self, node: ast.If) -> None:
        """Skip a variable in the condition."""
        self._condition(node.test, *node.body, *node.orelse)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Skip a variable in the condition."""
        self._condition(node.test, node.body, node.orelse)

    def _condition(self, test: ast.expr, *rest: ast.AST) -> None:
        self._asked += 1
        self.visit(test)
        self._asked -= 1
        for part in rest:
            self.visit(part)

    def _in_doubt(self, node: ast.AST) -> None:
        self._asked += 1
        self.generic_visit(node)
        self._asked -= 1

    def _read(self, name: ast.expr, *, optional: bool) -> None:
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and _VARIABLE.match(name.value):
            self._definition.reads.append((name.lineno, name.value, optional))

    def _call(self, call: ast.Call, function: ast.Attribute) -> None:
        method = function.attr
        arguments = _arguments(call)
        if method == "get_paginator" and call.args and isinstance(call.args[0], ast.Constant):
            method, arguments = str(call.args[0].value), None
        if method not in _METHODS:
            return
        handle = evaluate(function.value, self._scope)
        if handle and handle.has(method):
            self._definition.calls.append((call.lineno, handle.service, method, arguments))


def _arguments(call: ast.Call) -> tuple[tuple[str, str], ...] | None:
    """The named arguments of a call, with constant texts; None if it unpacks others."""
    named = [(one.arg, one.value) for one in call.keywords if one.arg]
    if call.args or len(named) < len(call.keywords):
        return None
    return tuple((name, _text(value)) for name, value in named)


def _text(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _gets(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=environment, attr="get"):
            return _last_name(environment) in _ENVIRONMENTS
        case _:
            return _last_name(function) == "getenv"


def _catches(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is not None and _last_name(one) in _CATCHING for one in kinds)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
