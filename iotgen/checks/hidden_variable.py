"""A variable in `environment` replaces one that iotgen sets."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each variable that replaces another, with the functions concerned."""
    hidden: dict[Path, list[tuple[Function, str]]] = {}
    for function in pipeline.all(Function):
        for name, origin in _hidden(function):
            path = function.variable(name)
            hidden.setdefault(path, []).append((function, origin))
    for path, users in hidden.items():
        names = listed([function.key for function, _ in users])
        message = f"`{path[-1]}` replaces the variable that {users[0][1]} sets for {names}"
        yield Finding(path, message, "Remove it, or rename it.", at_key=True)


def _hidden(function: Function) -> Iterator[tuple[str, str]]:
    """Name and origin of each derived variable that has another value."""
    for grant in function.grants:
        # Two grants with one variable have a rule of their own.
        given = [one.value for one in function.grants if one.variable == grant.variable]
        if function.environment.get(grant.variable) not in given:
            yield grant.variable, f"access to the {grant.access.noun} `{grant.key}`"


RULE = Rule(
    code="IOT316",
    summary="A variable in `environment` replaces one that iotgen sets.",
    why=(
        "iotgen gives a function a variable for each resource in its `access`. A function has one value for "
        "each name: a variable of your own would replace iotgen's, and code that relies on it would use "
        "another resource."
    ),
    fix="Remove the variable, or rename it.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
