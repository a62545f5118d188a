"""A handler calls an operation that its role does not allow."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.usage.modules import read_code
from iotgen.usage.operations import SECTIONS, granting
from iotgen.usage.reached import Call, uses

# The statement for the dead-letter queue, which only Lambda itself uses.
_LAMBDAS_OWN = "SendFailedEvents"


def _allowed(function: Function) -> set[str]:
    """Every IAM action of the role, on any resource: the code does not show which one a call is for."""
    return {
        action
        for statement in function.statements
        if statement.sid != _LAMBDAS_OWN
        for action in statement.actions
    }


def _hint(call: Call) -> str:
    if verbs := granting(call.action):
        section = verbs[0][0]
        return f"Grant it on the resource: `{section}: {{KEY: {' or '.join(verb for _, verb in verbs)}}}`."
    return f"No verb grants `{call.action}`: write it under `allow` of its `access`, with its resources."


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each operation that a function's code certainly calls and its role never allows."""
    for function in pipeline.all(Function):
        code = read_code(function, sources) if pipeline.settled(function.path) else None
        allowed = _allowed(function)
        refused: dict[tuple[str, str], Call] = {}
        for call in uses(code, function.entry).calls if code else ():
            needed = call.action.lower()
            if needed and not any(fnmatchcase(needed, action.lower()) for action in allowed):
                refused.setdefault((call.service, call.operation), call)
        for call in refused.values():
            message = (
                f"`{function.key}` calls `{call.operation}` of {call.service} ({call.place}), "
                "which its role does not allow"
            )
            section = SECTIONS.get(call.service)
            path = (*function.path, "access", section) if section else function.path
            yield Finding(path, message, _hint(call), at_key=True)


RULE = Rule(
    code="IOT382",
    severity=Severity.WARNING,
    summary="A handler calls an operation that its role does not allow.",
    why=(
        "A function calls AWS with the permissions of its execution role, which iotgen derives from its "
        "`access` and its triggers. AWS denies any other call when the function runs."
    ),
    fix="Use an operation that a verb of `access` grants, or grant the verb.",
    ignore="The policy of the resource, outside of the spec, allows the call.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    check=check,
)
