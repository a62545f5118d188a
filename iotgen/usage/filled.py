"""Names that a function builds from a part that its callers pass: `table("RAW")` builds `TABLE_RAW`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from iotgen.usage.facts import Facts
from iotgen.usage.modules import Code


@dataclass(frozen=True)
class _Maker:
    """A function that appends its argument `name`, at `index`, to a text; `method` if it is one."""

    function: str
    name: str
    index: int
    method: bool


def filled(code: Code, prefix: str) -> frozenset[str] | None:
    """Every name that the code builds from `prefix` and a part; None if unknown."""
    names: set[str] = set()
    facts = [module.facts for module in code.modules.values()]
    for one in facts:
        makers = _makers(one, prefix) if prefix in one.texts else ()
        if makers is None:
            return None
        for maker in makers:
            for other in facts:
                parts = _parts(other, maker)
                if parts is None:
                    return None
                names |= {prefix + part for part in parts}
    return frozenset(names)


@lru_cache(maxsize=4096)
def _makers(facts: Facts, prefix: str) -> tuple[_Maker, ...] | None:
    """The functions of a module that use `prefix`; None if anything else does."""
    uses = sum(isinstance(node, ast.Constant) and node.value == prefix for node in ast.walk(facts.tree))
    makers = [
        maker
        for owner in ast.walk(facts.tree)
        for function in ast.iter_child_nodes(owner)
        if isinstance(function, ast.FunctionDef)
        for maker in _made_in(function, prefix, method=isinstance(owner, ast.ClassDef))
    ]
    return tuple(makers) if len(makers) == uses else None


def _made_in(function: ast.FunctionDef, prefix: str, *, method: bool) -> Iterator[_Maker]:
    arguments = [argument.arg for argument in function.args.args]
    bound = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(function):
        match node:
            case ast.JoinedStr(
                values=[
                    ast.Constant(value=text),
                    ast.FormattedValue(value=ast.Name(id=name), conversion=-1, format_spec=None),
                ]
            ) if text == prefix and name in arguments and name not in bound:
                yield _Maker(function.name, name, arguments.index(name) - method, method)
            case _:
                pass


@lru_cache(maxsize=65_536)
def _parts(facts: Facts, maker: _Maker) -> frozenset[str] | None:
    """The literal arguments of all calls of the maker; None if one is computed, or the maker passed on."""
    if maker.function not in facts.names:
        return frozenset()
    parts: set[str] = set()
    for node in facts.handing:
        if isinstance(node, ast.Call) and _named(node.func, maker):
            part = _argument(node, maker)
            if part is None:
                return None
            parts.add(part)
        if _passed_on(node, maker):
            return None
    return frozenset(parts)


def _named(node: ast.AST, maker: _Maker) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == maker.function
    return isinstance(node, ast.Name) and node.id == maker.function and not maker.method


def _argument(call: ast.Call, maker: _Maker) -> str | None:
    arguments = [keyword.value for keyword in call.keywords if keyword.arg == maker.name]
    arguments += call.args[maker.index : maker.index + 1]
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    match arguments:
        case [ast.Constant(value=str(part))] if not starred:
            return part
        case _:
            return None


def _passed_on(node: ast.AST, maker: _Maker) -> bool:
    """Whether the maker itself is passed on, so that it may be called with anything."""
    match node:
        case ast.Call(args=args, keywords=keywords):
            arguments: list[ast.expr] = [*args, *(keyword.value for keyword in keywords)]
        case ast.Assign(value=value) | ast.Return(value=ast.expr() as value) | ast.NamedExpr(value=value):
            arguments = [value]
        case ast.List(elts=arguments) | ast.Tuple(elts=arguments) | ast.Dict(values=arguments):
            pass
        case _:
            return False
    return any(_named(one, maker) for one in arguments)
