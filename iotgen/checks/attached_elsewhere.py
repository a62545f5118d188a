"""A function or workflow has managed policies, and a role that iotgen does not change."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function or workflow whose policies would be attached to a role that exists already."""
    holders: tuple[Function | Workflow, ...] = (*pipeline.all(Function), *pipeline.all(Workflow))
    for one in holders:
        if one.runs_as.existing and one.managed:
            message = (
                f"`{one.key}` has the role `{one.runs_as.name}`, which exists already: "
                "iotgen attaches no policy to it"
            )
            hint = "Attach it where the role is made, or remove `role`."
            yield Finding(one.managed[0].path, message, hint)


RULE = Rule(
    code="IOT376",
    summary="A function or workflow has managed policies, and a role that iotgen does not change.",
    why=(
        "What makes a role says what it may do. iotgen neither makes nor changes a role that exists "
        "already: whatever owns it may detach again what others attach."
    ),
    fix="Attach the policy where the role is made, or let iotgen make the role.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html",
    check=check,
)
