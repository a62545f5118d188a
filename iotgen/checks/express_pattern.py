"""A task of an express workflow waits as only those of a standard one may."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.workflows import Workflow
from iotgen.kinds.workflows.tasks import tasks
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_ACTIVITY = re.compile(r"arn:[^:]+:states:[^:]*:[^:]*:activity:.+")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each job, callback and activity of an express workflow."""
    for workflow in pipeline.all(Workflow):
        for task in tasks(workflow.definition.data) if workflow.is_express else ():
            what = "an activity" if _ACTIVITY.fullmatch(task.resource) else f"`{task.pattern}`"
            if task.pattern or what == "an activity":
                message = f"an express workflow cannot wait for {what}"
                hint = "Use `type: standard`, or an integration that does not wait."
                yield workflow.definition.at(task.path, message, hint)


RULE = Rule(
    code="IOT494",
    summary="A task of an express workflow waits as only those of a standard one may.",
    why=(
        "Express workflows support neither jobs (`.sync`) nor callbacks (`.waitForTaskToken`), nor "
        "activities. Step Functions refuses such a definition in the apply."
    ),
    fix="Make it a standard workflow, or call the service without waiting.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
    check=check,
)
