"""Workflows: state machines of Step Functions, which call functions and other services step by step."""

from collections.abc import Iterator

from iotgen.kinds.functions.managed import attached
from iotgen.kinds.workflows.access import WORKFLOW_ACCESS
from iotgen.kinds.workflows.alarms import workflow_alarms
from iotgen.kinds.workflows.costs import WORKFLOW_COSTS
from iotgen.kinds.workflows.resolve import resolve_workflows, start_statement, statement_of
from iotgen.kinds.workflows.status import WORKFLOW_STATUS, workflow_contents, workflow_preflight
from iotgen.kinds.workflows.workflow import ADDRESS, SECTION, Workflow
from iotgen.model.arn import arn
from iotgen.model.change import Deployed
from iotgen.model.context import Context
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Style
from iotgen.model.expression import Joined
from iotgen.model.kind import Kind, Name, role_name
from iotgen.model.live import Live
from iotgen.model.log_group import LogGroup, moment, no_entry
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.problem import Finding
from iotgen.triggers.event import EventTrigger
from iotgen.triggers.schedule import ScheduleTrigger

__all__ = ["WORKFLOWS", "Workflow", "start_statement", "statement_of"]


def _names(workflow: Workflow) -> Iterator[Name]:
    yield Name(what="a workflow", text=workflow.name, space="workflow", most=80)
    yield from workflow.runs_as.names("workflow")
    for trigger in workflow.triggers:
        yield from trigger.aws_names()
        if isinstance(trigger, EventTrigger):
            what = "the role of an event rule"
            yield role_name(what, trigger.name, trigger.named_at, given=bool(trigger.given))


def _render(workflows: tuple[Workflow, ...], _digests: Digests) -> Iterator[Rendering]:
    for workflow in workflows:
        yield Rendering(SECTION, workflow.path, "workflow", {"workflow": workflow})
        if not workflow.runs_as.existing:
            yield from attached(SECTION, workflow.path, workflow.role, workflow.managed)
        for trigger in workflow.triggers:
            holes = {"workflow": workflow, "trigger": trigger, "allowed": statement_of(workflow)}
            scheduled = isinstance(trigger, ScheduleTrigger)
            template = "workflow_schedule" if scheduled else "workflow_event"
            yield Rendering(SECTION, trigger.path, template, holes)
            service = "scheduler" if scheduled else "events"
            yield Rendering(SECTION, trigger.path, "workflow_starter", {**holes, "service": service})


def _outputs(workflows: tuple[Workflow, ...]) -> tuple[Output, ...]:
    labels = {workflow.key: workflow.label for workflow in workflows}
    return output_of("workflow_arns", "The workflows' ARNs", labels, f"{ADDRESS}.arn")


def _logs(workflow: Workflow) -> Iterator[LogGroup]:
    if workflow.logs:
        yield LogGroup(writer=workflow.key, name=workflow.log_group, usual=True, entry=no_entry, span=moment)


def _changes(workflows: tuple[Workflow, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """What an apply makes in steps."""
    for workflow in workflows:
        # Another workflow has another role, anyway.
        if deployed.get(f"{ADDRESS}.{workflow.label}", {}).get("name") == workflow.name:
            yield from workflow.runs_as.renamed("workflow", workflow.key, deployed, pipeline.suffix)


_STYLE = Style(
    name="workflow",
    hue=318,
    icon="M9 3h6v4H9zM3 17h6v4H3zM15 17h6v4h-6zM12 7v5M6 17v-5h12v5",
    shape=("[[", "]]"),
)


def _drawing(workflows: tuple[Workflow, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """The workflows, with what starts them and what they use."""
    for workflow in workflows:
        note = f"Step Functions · {workflow.type}"
        yield Node(id=workflow.path, noun="workflow", title=workflow.key, note=note, style=_STYLE)
        for trigger in workflow.triggers:
            yield from trigger.drawing(workflow.path)
        yield from (grant.edge(workflow.path) for grant in workflow.grants)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("states", context.region, "stateMachine:", context.name_of(SECTION, key))


def _there(live: Live, workflow: Outside) -> None:
    live.client("stepfunctions").describe_state_machine(stateMachineArn=live.text(workflow.arn))


WORKFLOWS: Kind[Workflow] = Kind(
    section=SECTION,
    noun="workflow",
    type=Workflow,
    address=ADDRESS,
    referred=True,
    used_in=None,
    resolve=resolve_workflows,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=workflow_alarms,
    logs=_logs,
    status=WORKFLOW_STATUS,
    traces=None,
    changes=_changes,
    contents=workflow_contents,
    refuses=None,
    preflight=workflow_preflight,
    in_spec=None,
    waits={},
    renamable=False,
    access=WORKFLOW_ACCESS,
    existing=Form(
        address=ADDRESS,
        service="states",
        within="stateMachine:",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
        # https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
        noted="arn",
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=WORKFLOW_COSTS,
)
