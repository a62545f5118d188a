"""A handler returns no state, though its trigger has a tumbling window."""

import ast
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.records import RecordTrigger
from iotgen.usage.modules import Code, read_code

_STATE = "state"


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each tumbling window of a function whose code never names `state`."""
    for function in pipeline.all(Function):
        windows = [one for one in function.triggers if isinstance(one, RecordTrigger) and one.tumbling_window]
        code = read_code(function, sources) if windows else None
        if code is None or not code.complete or _names_state(code):
            continue
        for trigger in windows:
            message = f"`{function.key}` has no `state` in its code, which it must return for each batch"
            hint = 'Return it: `{"state": event["state"], "batchItemFailures": []}`, with what it adds.'
            yield Finding((*trigger.path, "tumbling_window"), message, hint)


def _names_state(code: Code) -> bool:
    """Whether `state` is a text or an argument anywhere in the code."""
    for module in code.modules.values():
        for node in ast.walk(module.facts.tree):
            if isinstance(node, ast.Constant) and node.value == _STATE:
                return True
            if isinstance(node, ast.keyword) and node.arg == _STATE:
                return True
    return False


RULE = Rule(
    code="IOT458",
    severity=Severity.WARNING,
    summary="A handler returns no state, though its trigger has a tumbling window.",
    why=(
        "In a tumbling window the answer of each call must have a `state`, which Lambda hands on to the next "
        "one. It takes an answer without one for a failed call, so each batch is tried again and given up."
    ),
    fix="Return `state` beside `batchItemFailures`.",
    ignore="A package that the handler imports makes the answer.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html",
    check=check,
)
