"""What is shown of a deployed workflow, and what runs in it.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from iotgen.kinds.functions.managed import managed_preflight
from iotgen.kinds.functions.role import Service, role_preflight
from iotgen.kinds.workflows.workflow import Workflow
from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted
from iotgen.model.live import Live
from iotgen.model.preflight import Account, Check
from iotgen.model.status import Fact, Metric, Status

# So many are counted; the answer is a page.
_MOST = 1000


def _metrics(workflow: Workflow) -> Iterator[Metric]:
    own = {"StateMachineArn": workflow.arn}
    counts = (
        ("started", "executions", "ExecutionsStarted", False),
        ("failed", "failed executions", "ExecutionsFailed", True),
        ("timed out", "executions that took too long", "ExecutionsTimedOut", True),
    )
    for column, title, metric, bad in counts:
        yield Metric(column=column, title=title, of=f"AWS/States:{metric}", dimensions=own, bad=bad)


def _facts(clients: Clients, workflow: Workflow) -> Iterator[Fact]:
    """Whether it is there, and how many executions run."""
    client = clients("stepfunctions")
    arn = Live(client.meta.region_name, clients).text(workflow.arn)
    about = client.describe_state_machine(stateMachineArn=arn)
    if about["status"] != "ACTIVE":
        yield Fact(column="state", value=str(about["status"]).lower(), bad=True)
    if not workflow.is_express:
        yield Fact(column="running", value=len(_running(client, arn)))


WORKFLOW_STATUS: Status[Workflow] = Status(
    columns=("started", "running", "failed", "timed out"), metrics=_metrics, facts=_facts
)


def _running(client: Any, arn: str) -> list[Any]:
    answer = client.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=_MOST)
    return list(answer["executions"])


def workflow_contents(clients: Clients, machine: Attributes, _now: datetime) -> Amount:
    """The executions that run: they end with the state machine.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    """
    if machine.get("type") == "EXPRESS":
        return Amount("executions that may run, which end with it", empty=False)
    running = len(_running(clients("stepfunctions"), str(machine["arn"])))
    more = " or more" if running == _MOST else ""
    words = f"{counted(running, 'running execution')}{more}"
    return Amount(words if running else "no running executions", empty=not running)


def workflow_preflight(workflows: tuple[Workflow, ...], account: Account) -> Iterator[Check]:
    """The names of workflows that are taken, and the policies that are not there."""
    client = account.client("stepfunctions")
    for workflow in workflows:
        if workflow.runs_as.existing:
            yield from role_preflight(account, workflow.runs_as, Service.STEP_FUNCTIONS)
        else:
            yield from managed_preflight(account, workflow.runs_as.name, workflow.managed)
        for trigger in workflow.triggers:
            yield from trigger.preflight(account)
        there = account.text(workflow.arn)
        try:
            client.describe_state_machine(stateMachineArn=there)
        except client.exceptions.StateMachineDoesNotExist:
            continue
        yield from account.taken("the workflow", workflow.name, workflow.path, there)
