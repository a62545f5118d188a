"""A function has managed policies, and a role that iotgen does not change."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function whose policies would be attached to a role that exists already."""
    for function in pipeline.all(Function):
        if function.role.existing and function.managed:
            message = (
                f"`{function.key}` has the role `{function.role.name}`, which exists already: "
                "iotgen attaches no policy to it"
            )
            hint = "Attach it where the role is made, or remove `role`."
            yield Finding(function.managed[0].path, message, hint)


RULE = Rule(
    code="IOT376",
    summary="A function has managed policies, and a role that iotgen does not change.",
    why=(
        "What makes a role says what it may do. iotgen neither makes nor changes a role that exists "
        "already: whatever owns it may detach again what others attach."
    ),
    fix="Attach the policy where the role is made, or let iotgen make a role for the function.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html",
    check=check,
)
