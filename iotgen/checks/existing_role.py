"""The role of a function or workflow exists already, and must allow what the spec derives."""

from collections import defaultdict
from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.functions import Function
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Say so of each role, with those that have it."""
    users: dict[tuple[Path, str], list[str]] = defaultdict(list)
    holders: tuple[Function | Workflow, ...] = (*pipeline.all(Function), *pipeline.all(Workflow))
    for one in holders:
        if one.runs_as.existing:
            users[one.runs_as.path, one.runs_as.name].append(one.key)
    for (path, name), keys in users.items():
        verb = "uses" if len(keys) == 1 else "use"
        message = f"{listed(keys)} {verb} the role `{name}`, which exists already: iotgen adds nothing to it"
        yield Finding(path, message, f"`iotgen show {keys[0]}` lists what it must allow.")


RULE = Rule(
    code="IOT377",
    severity=Severity.INFO,
    summary="The role of a function or workflow exists already, and must allow what the spec derives.",
    why=(
        "By its role a function calls AWS, writes its log, reads its queues and sends its dead letters. "
        "Where the role does not allow one of these, the apply fails, or the function does at its first "
        "event; without the permission to write, not even a log says why."
    ),
    fix="Compare the role's policies with what `iotgen show` lists, or let iotgen make the role.",
    ignore="The role is known to allow all of it.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    check=check,
)
