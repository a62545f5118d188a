"""The handler is missing, or Lambda cannot call it with an event and a context."""

import ast
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest
from iotgen.usage.available import is_dynamic, top_names
from iotgen.usage.modules import Module, read_code
from iotgen.usage.scopes import read_scopes

# Lambda calls a handler with the event and the context.
_GIVEN = 2


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each handler that certainly is no function of an event and a context."""
    for function in pipeline.all(Function):
        code = read_code(function, sources)
        name = function.entry.rpartition(".")[0]
        module = code.modules.get(name) if code else None
        if module and not is_dynamic(module.facts):
            yield from _findings(function, module)


def _findings(function: Function, module: Module) -> Iterator[Finding]:
    called = function.entry.rpartition(".")[2]
    path = function.setting("handler")
    if called not in top_names(module.facts):
        message = f"`{module.file}` does not define `{called}`"
        yield Finding(path, message, _hint(called, module))
        return
    fault = _fault(called, module)
    if fault:
        node, message, hint = fault
        yield Finding(path, message, hint, False, module.file, node.lineno, node.col_offset + 1)


def _fault(called: str, module: Module) -> tuple[ast.stmt, str, str] | None:
    """What is wrong with the function, where nothing else may be bound to its name."""
    node = _value(called, module)
    if isinstance(node, ast.AsyncFunctionDef) and not node.decorator_list:
        message = f"`{called}` is `async`, and Lambda does not await it"
        return node, message, "Write `def`, and call the asynchronous code with `asyncio.run()` in it."
    if isinstance(node, ast.FunctionDef) and not node.decorator_list and not _takes_two(node.args):
        message = f"`{called}` cannot be called with an event and a context"
        return node, message, f"Write `def {called}(event, context):`."
    return None


def _value(called: str, module: Module) -> ast.AST | None:
    """What a name stands for, by way of the names that it is assigned from."""
    bindings = read_scopes(module.facts.tree).bindings
    seen: set[str] = set()
    while called not in seen:
        seen.add(called)
        bound = bindings.get(called, [])
        node = bound[0].value if len(bound) == 1 else None
        if not isinstance(node, ast.Name):
            return node
        called = node.id
    return None


def _takes_two(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args)
    required = positional - len(arguments.defaults)
    named = any(default is None for default in arguments.kw_defaults)
    return required <= _GIVEN and (positional >= _GIVEN or arguments.vararg is not None) and not named


def _hint(called: str, module: Module) -> str:
    functions = [
        node.name
        for node in module.facts.tree.body
        if isinstance(node, ast.FunctionDef) and _takes_two(node.args) and not node.name.startswith("_")
    ]
    handlers = [name for name in functions if "handler" in name.lower()]
    near = nearest(called, functions) or (handlers[0] if len(handlers) == 1 else None)
    if near:
        return f"Did you mean `handler: {module.name}.{near}`?"
    return f"Write `def {called}(event, context):` there, or name another function in `handler`."


RULE = Rule(
    code="IOT305",
    summary="The handler is missing, or Lambda cannot call it with an event and a context.",
    why=(
        "Lambda calls the handler with two arguments, the event and the context, and does not await it. A "
        "name that the module does not define ends every call with `Runtime.HandlerNotFound`, a function "
        "that takes other arguments raises `TypeError`, and the coroutine of an `async` function never "
        "runs."
    ),
    fix="Define the function with `def handler(event, context):`, or name another one in `handler`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html",
    check=check,
)
