"""A task of a workflow calls something for which its role has no permission."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.workflows import Workflow
from iotgen.kinds.workflows.tasks import Task
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_SECTIONS = {kind.access.service: kind.section for kind in KINDS if kind.access}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each task whose permission neither the definition nor `access` says."""
    for workflow in pipeline.all(Workflow):
        for task in workflow.open if pipeline.settled(workflow.path) else ():
            message = f"the definition does not say on what `{workflow.key}` may do `{task.action}`"
            yield workflow.definition.at(task.path, message, _hint(task))


def _hint(task: Task) -> str:
    allow = f"`access: {{allow: [{{actions: [{task.action}], resources: [ARN]}}]}}`"
    section = _SECTIONS.get(task.service)
    if section:
        return f"Name a resource of the spec, `${{{section}.KEY}}`, or add {allow}."
    return f"Add what it needs: {allow}."


RULE = Rule(
    code="IOT493",
    summary="A task of a workflow calls something for which its role has no permission.",
    why=(
        "The role of a workflow may do what its definition names: functions, tables, queues and topics of "
        "the spec by their keys, and others by ARN. What a task calls by a name that is only known later, or "
        "of another service, has to be said, or each execution fails there with an access error."
    ),
    fix="Refer to a resource of the spec by its key, or allow the action under `access`.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html",
    check=check,
)
