"""A function writes to the queue or prefix that triggers it."""

from collections.abc import Iterable, Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.access import Grant
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.model.trigger import Trigger
from iotgen.problem import Finding, Path, Severity


def writes(function: Function, triggers: Iterable[Trigger]) -> Iterator[tuple[Trigger, str, Path]]:
    """Each of `triggers` that the function may set off, the queue or prefix, and its path in the spec."""
    triggers = tuple(triggers)
    for grant in function.grants:
        path = grant.path
        for trigger in triggers:
            name = trigger.set_off_by(grant)
            if name is not None:
                yield trigger, name, (*path, *_scoped(grant, name))


def _scoped(grant: Grant, name: str) -> tuple[str, ...]:
    """The verb that is limited to the prefix `name`, if one is."""
    scopes = grant.verb.items() if isinstance(grant.verb, Mapping) else ()
    verbs = (verb for verb, scope in scopes if scope == name and not grant.access.verbs[verb].reads)
    return tuple(verbs)[:1]


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function that may invoke itself endlessly."""
    for function in pipeline.all(Function):
        looped = {path: name for _, name, path in writes(function, function.triggers)}
        for path, name in looped.items():
            message = (
                f"`{function.key}` writes to `{name}`, which triggers it: it may invoke itself endlessly"
            )
            yield Finding(path, message, _hint(path[-2]))


def _hint(section: object) -> str:
    if section == "tables":
        return "Write to another table, or set a `filter` that its own writes do not match."
    if section == "topics":
        return "Publish to another topic, or set a `filter` that its own messages do not match."
    if section == "user_pools":
        return "Have another function make users or sign them in."
    return "Write to another stream." if section == "streams" else "Write to another queue or prefix."


RULE = Rule(
    code="IOT361",
    severity=Severity.WARNING,
    summary="A function writes to the queue or prefix that triggers it.",
    why=(
        "Each call may cause the next one. Lambda detects many such loops and stops them after about 16 "
        "rounds; until then they cost money and take up concurrency."
    ),
    fix="Write to another queue or prefix.",
    ignore="The function sends back only what it tries again, and a limited number of times.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    check=check,
)
