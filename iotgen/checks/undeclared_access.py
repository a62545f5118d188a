"""A handler reads a variable that nothing in the function's access provides."""

from collections.abc import Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.access import Grant
from iotgen.model.expression import joined
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.spec.nearest import nearest
from iotgen.usage.modules import read_code
from iotgen.usage.reached import Read, uses
from iotgen.usage.renames import renames

_SECTIONS = frozenset(kind.section for kind in KINDS if kind.access) - {"functions"}


def possible_variables(pipeline: Pipeline) -> dict[str, Grant]:
    """Every variable that access to a resource of the spec can provide, with that access."""
    possible: dict[str, Grant] = {}
    accesses = [(kind, kind.access) for kind in KINDS if kind.access]
    for kind, access in accesses:
        for verb in access.examples:
            for resource in kind.known(pipeline):
                grant = Grant(section=kind.section, key=resource.key, verb=verb, access=access, arn=joined())
                possible[grant.variable] = grant
    return possible


def as_access(grant: Grant) -> str:
    """A grant as `access` has it."""
    written = isinstance(grant.verb, Mapping)
    verb = f"{{{', '.join(map(': '.join, grant.verb.items()))}}}" if written else grant.verb
    return f"{grant.section}: {{{grant.key}: {verb}}}"


def _hint(variable: str, possible: Mapping[str, Grant]) -> str:
    near = variable if variable in possible else nearest(variable, possible)
    if near is None:
        return "Declare the resource, and add it to the function's `access`."
    access = f"`{as_access(possible[near])}` to its `access`."
    return f"Add {access}" if near == variable else f"Did you mean `{near}`? If not, add {access}"


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each variable that a function's code certainly reads and that is not set."""
    possible = possible_variables(pipeline)
    # What is wrong elsewhere may stand for the resource that is not there.
    certain = not any(path[0] in _SECTIONS for path in pipeline.unsettled)
    for function in pipeline.all(Function):
        settled = pipeline.settled(function.path) and pipeline.settled(("defaults", "function"))
        code = read_code(function, sources) if settled else None
        lacking: dict[str, Read] = {}
        for read in uses(code, function.entry).reads if code else ():
            # `get` of a variable that access could provide may expect None; of another it is a mistake.
            is_set = (
                read.variable in function.environment or (function.label, read.variable) in sources.variables
            )
            if not is_set and not (read.optional and (read.variable in possible or not certain)):
                lacking.setdefault(read.variable, read)
        # `unused_access` reports a renamed resource.
        changes = renames(function, code, possible).values() if code and code.complete else ()
        for name in {change.old for change in changes}:
            lacking.pop(name, None)
        for variable, read in lacking.items():
            message = (
                f"`{function.key}` reads `{variable}` ({read.place}), but nothing in its `access` provides it"
            )
            yield Finding((*function.path, "access"), message, _hint(variable, possible), at_key=True)


RULE = Rule(
    code="IOT381",
    severity=Severity.WARNING,
    summary="A handler reads a variable that nothing in the function's access provides.",
    why=(
        "A function has a variable for each resource in its `access`, those in its `environment`, and "
        "Lambda's own. Reading another one raises `KeyError`, or gives `None`, when the function runs."
    ),
    fix="Grant the access, or remove the code that reads the variable.",
    ignore="The code works without the variable.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
