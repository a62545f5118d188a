"""A function has access that its code does not use."""

from collections.abc import Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.checks.undeclared_access import possible_variables
from iotgen.kinds.functions import Attributed, Function
from iotgen.model.access import Grant
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.usage.mentions import Mentions, mentions
from iotgen.usage.modules import read_code
from iotgen.usage.renames import Renamed, renames


def _unnamed(function: Function, grant: Grant, mentioned: Mentions) -> str:
    """The variable that the code cannot read; empty if it can, or does not need it."""
    if not any(grant.access.verbs[verb].named for verb in grant.verbs):
        return ""
    from_event = any(trigger.names(grant) for trigger in function.triggers)
    here = (grant.section, grant.key)
    others = {one.variable for one in function.variables(Attributed) if (one.section, one.key) == here}
    named = any(map(mentioned.can_name, (grant.variable, *others))) or bool(others & mentioned.texts)
    return "" if from_event or named or mentioned.can_hold(grant.key) else grant.variable


def _findings(function: Function, grant: Grant, mentioned: Mentions) -> Iterator[Finding]:
    path = grant.path
    verbs = grant.verbs
    idle = tuple(verb for verb in verbs if not mentioned.can_call(grant, verb))
    variable = _unnamed(function, grant, mentioned)
    if variable or idle == verbs:
        why = f"never mentions `{variable}`" if variable else f"calls no {_methods(grant, idle)}"
        message = f"`{function.key}` may {grant.phrase(verbs)}, but its code {why}"
        yield Finding(path, message, f"Remove `{grant.key}` from `access`.", at_key=True)
    elif idle:
        message = f"`{function.key}` may {grant.phrase(idle)}, but its code calls no {_methods(grant, idle)}"
        if isinstance(grant.verb, Mapping) and all(grant.verb.values()):
            yield Finding((*path, idle[0]), message, f"Remove `{idle[0]}`.", at_key=True)
        else:
            left = [verb for verb in verbs if verb not in idle]
            written = left[0] if len(left) == 1 else f"[{', '.join(left)}]"
            yield Finding(path, message, f"Change it to `{written}`.")


def _methods(grant: Grant, verbs: tuple[str, ...]) -> str:
    *others, last = (f"`{grant.access.verbs[verb].method}`" for verb in verbs)
    return f"{', '.join(others)} or {last}" if others else last


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each grant that the function's code cannot use, where all of its code is known."""
    possible = possible_variables(pipeline)
    for function in pipeline.all(Function):
        code = read_code(function, sources)
        if code is None or not code.complete or not pipeline.settled(function.path):
            continue
        values = frozenset(value for value in function.environment.values() if isinstance(value, str))
        mentioned = mentions(code, values)
        renamed = renames(function, code, possible)
        # Of what all functions may do, some need nothing.
        for grant in (one for one in function.grants if one.path[:1] == function.path[:1]):
            change = renamed.get(grant.variable)
            yield from (
                [_renamed(function, grant, change)] if change else _findings(function, grant, mentioned)
            )


def _renamed(function: Function, grant: Grant, change: Renamed) -> Finding:
    message = (
        f"`{function.key}` reads `{change.old}` ({change.place}), but its `access` provides `{change.new}`"
    )
    hint = f"Read `{change.new}` there, or give `{grant.key}` its former key."
    return Finding(grant.path, message, hint, at_key=True)


RULE = Rule(
    code="IOT380",
    severity=Severity.WARNING,
    summary="A function has access that its code does not use.",
    why=(
        "Least privilege limits the damage that a bug or an attacker can do. iotgen reads the handler's "
        "code and reports access that the code never uses."
    ),
    fix="Remove it from `access`, or grant less.",
    ignore="The code uses it in a way that iotgen cannot see, such as through a name built at run time.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    check=check,
)
