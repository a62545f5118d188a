"""Access to a workflow is for what only the other type can do."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.roles import Role
from iotgen.kinds.workflows import Workflow
from iotgen.model.access import Grant
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_STANDARD = ("stop", "describe", "history", "list", "answer")
_EXPRESS = ("start_sync",)


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each verb that Step Functions refuses for the type of the workflow."""
    workflows = {workflow.key: workflow for workflow in pipeline.all(Workflow)}
    for grant in _granted(pipeline):
        workflow = workflows.get(grant.key) if grant.section == "workflows" else None
        if workflow is None:
            continue
        refused, other = (_STANDARD, "standard") if workflow.is_express else (_EXPRESS, "express")
        for verb in (one for one in grant.verbs if one in refused):
            message = f"`{verb}` is for {other} workflows, and `{grant.key}` is {workflow.type}"
            hint = f"Remove it from `access`, or set `type: {other}` of the workflow."
            yield Finding(grant.path, message, hint)


def _granted(pipeline: Pipeline) -> Iterator[Grant]:
    """What access is written of functions, roles and workflows."""
    holders: tuple[Function | Role, ...] = (*pipeline.all(Function), *pipeline.all(Role))
    for one in holders:
        yield from one.grants
    for workflow in pipeline.all(Workflow):
        yield from workflow.granted


RULE = Rule(
    code="IOT499",
    summary="Access to a workflow is for what only the other type can do.",
    why=(
        "Step Functions keeps the executions of standard workflows: they can be stopped, described and "
        "listed, and their tasks wait for an answer. Of express ones it keeps none; only these can be "
        "started so that the call waits for their end. Any other call fails when the function runs."
    ),
    fix="Remove the verb, or change the type of the workflow.",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html",
    check=check,
)
