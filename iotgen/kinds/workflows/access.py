"""How functions use workflows: they start them, look at their executions and answer the tasks that wait.

What takes which resource is from
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.workflows.workflow import ADDRESS, SECTION, Workflow
from iotgen.model.access import Access, Grant, Variable, Verb, statement
from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined
from iotgen.model.live import Live
from iotgen.model.policy import Statement

# These act on executions rather than on the state machine.
_OF_EXECUTIONS = frozenset({"states:DescribeExecution", "states:GetExecutionHistory", "states:StopExecution"})
# These have no resource type: they take the token of a task, and a policy has to allow every resource.
_OF_TOKENS = frozenset({"states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"})


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _live_arn(at: Live, workflow: Workflow) -> str:
    return at.text(workflow.arn)


def _statements(context: Context, grant: Grant) -> Iterator[Statement]:
    """The permissions on the state machine, on its executions, and on tasks."""
    whole = statement(grant)
    parts: dict[str, str | Joined] = {
        "": grant.arn,
        "Executions": _executions(context, grant),
        "Tasks": "*",
    }
    for part, resource in parts.items():
        if actions := tuple(action for action in whole.actions if _part(action) == part):
            yield Statement(f"{whole.sid}{part}", actions, (resource,))


def _part(action: str) -> str:
    return "Executions" if action in _OF_EXECUTIONS else "Tasks" if action in _OF_TOKENS else ""


def _executions(context: Context, grant: Grant) -> Joined:
    """The ARNs of all executions of a workflow."""
    if grant.outside and grant.outside.account:
        return joined(grant.outside.id.replace(":stateMachine:", ":execution:", 1), ":*")
    return arn("states", context.region, "execution:", context.name_of(SECTION, grant.key), ":*")


def _one(operation: str, method: str, phrase: str, *, named: bool = False, reads: bool = True) -> Verb:
    """A verb for one operation, mostly on an execution, which names its workflow by itself."""
    return Verb(
        actions=(f"states:{operation}",),
        method=method,
        methods=frozenset({method}),
        reads=reads,
        phrase=f"{phrase} the workflow `{{key}}`",
        named=named,
    )


WORKFLOW_ACCESS = Access(
    service="stepfunctions",
    operations={
        "describe_execution": "states:DescribeExecution",
        "get_execution_history": "states:GetExecutionHistory",
        "list_executions": "states:ListExecutions",
        "send_task_failure": "states:SendTaskFailure",
        "send_task_heartbeat": "states:SendTaskHeartbeat",
        "send_task_success": "states:SendTaskSuccess",
        "start_execution": "states:StartExecution",
        "start_sync_execution": "states:StartSyncExecution",
        "stop_execution": "states:StopExecution",
    },
    objects={},
    address=ADDRESS,
    noun="workflow",
    # Its ARN is known without the workflow, which may call the function that starts it.
    variable=Variable(prefix="WORKFLOW_", attribute="arn", live=_live_arn),
    phrase="{verbs} the workflow `{key}`",
    verbs={
        "start": Verb(
            actions=("states:StartExecution",),
            method="start_execution",
            methods=frozenset({"start_execution"}),
            reads=False,
        ),
        "start_sync": Verb(
            actions=("states:StartSyncExecution",),
            method="start_sync_execution",
            methods=frozenset({"start_sync_execution"}),
            reads=False,
            phrase="start the workflow `{key}` and wait for its end",
        ),
        "stop": _one("StopExecution", "stop_execution", "stop executions of", reads=False),
        "describe": _one("DescribeExecution", "describe_execution", "describe executions of"),
        "history": _one("GetExecutionHistory", "get_execution_history", "read the history of executions of"),
        "list": _one("ListExecutions", "list_executions", "list executions of", named=True),
        "answer": Verb(
            actions=("states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"),
            method="send_task_success",
            methods=frozenset({"send_task_failure", "send_task_heartbeat", "send_task_success"}),
            reads=False,
            phrase="answer tasks of the workflow `{key}` that wait",
            named=False,
        ),
    },
    examples=("start",),
    through=None,
    arn=_arn,
    statements=_statements,
)
