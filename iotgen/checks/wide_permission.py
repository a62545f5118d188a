"""A statement under `allow` has a wildcard."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.roles import Role
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# The parts of an ARN before that of the resource itself.
_BEFORE = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each wildcard in actions, and each for all resources of a service."""
    own = pipeline.all
    holders: tuple[Function | Workflow | Role, ...] = (*own(Function), *own(Workflow), *own(Role))
    for holder in holders:
        for one in holder.allowed:
            for index, action in enumerate(one.actions):
                if "*" in action or "?" in action:
                    message = f"`{action}` allows `{holder.key}` every action that it matches"
                    hint = "Name the actions that the function calls."
                    yield Finding(_at(one.path, "actions", index), message, hint)
            for index, resource in enumerate(one.resources):
                if _is_wide(resource):
                    message = f"`{resource}` allows `{holder.key}` this on every resource"
                    hint = "Name the resources by their ARNs, or limit it by `conditions`."
                    yield Finding(_at(one.path, "resources", index), message, hint)


def _at(path: tuple[str | int, ...], setting: str, index: int) -> tuple[str | int, ...]:
    return (*path, setting, index)


def _is_wide(resource: str) -> bool:
    return resource.split(":", _BEFORE)[-1] == "*" or resource == "*"


RULE = Rule(
    code="IOT420",
    severity=Severity.WARNING,
    summary="A statement under `allow` has a wildcard.",
    why=(
        "Least privilege limits the damage that a bug or an attacker can do. A wildcard also allows actions "
        "that AWS adds later, and resources that have nothing to do with the pipeline."
    ),
    fix="Name the actions and the resources.",
    ignore="The action is one that takes no resource, or the function really needs all of them.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    check=check,
)
