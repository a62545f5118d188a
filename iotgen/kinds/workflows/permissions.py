"""What a workflow's role may do: what its tasks call, its log, its traces and the pipeline's key."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from iotgen.kinds.workflows.references import Filler, grant
from iotgen.kinds.workflows.tasks import Task
from iotgen.model.access import Grant, Spoken, Verb
from iotgen.model.arn import arn
from iotgen.model.expression import Expression, Joined, joined
from iotgen.model.key_use import KeyUse, key_use
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement

# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html: these have no resources.
_LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
# https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
_TRACES = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
_SYNC_RULE = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"


def own_statements(*, logs: bool, traces: bool) -> Iterator[Statement]:
    """The permissions that every workflow needs, by its settings."""
    if logs:
        yield Statement("DeliverLogs", _LOG_DELIVERY, ("*",))
    if traces:
        yield Statement("WriteTraces", _TRACES, ("*",))


def derived_grants(filler: Filler, task: Task) -> Iterator[Grant]:
    """The grants for the resources of the spec that a task's arguments name."""
    for named in dict.fromkeys(one for text in task.texts for one in filler.named(text)):
        access = filler.context.accesses[named.section]
        # What a statement of PartiQL does is not known.
        if access.service != task.service or isinstance(access.operations.get(task.method), Spoken):
            continue
        if verb := _verb(access.verbs.items(), task.method):
            yield grant(filler.context, named.section, named.key, verb)


def _verb(verbs: Iterable[tuple[str, Verb]], method: str) -> str | None:
    """The verb that allows a method on the resource itself, and the least beside it."""
    able = [(len(verb.actions), name) for name, verb in verbs if method in verb.methods and not verb.variable]
    return min(able)[1] if able else None


def derived_statements(filler: Filler, task: Task) -> Iterator[Statement]:
    """The permissions of a task for what is no resource of the spec: an ARN, a bus, executions."""
    context, sid = filler.context, re.sub(r"\W", "", task.action.title())
    if task.service == "events" and task.method == "put_events":
        yield Statement("PutEvents", (task.action,), tuple(_buses(filler, task.arguments)))
        return
    outside = [text for text in task.texts if _is_arn_of(text, task.service)]
    if task.action and outside:
        yield Statement(sid, (task.action,), tuple(filler.filled(text) for text in outside))
    if task.service == "stepfunctions" and task.pattern.startswith(".sync"):
        # https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
        running = ("states:DescribeExecution", "states:StopExecution")
        yield Statement("WatchExecutions", running, tuple(_executions(filler, task)))
        actions = ("events:DescribeRule", "events:PutRule", "events:PutTargets")
        yield Statement("WatchExecutionsRule", actions, (arn("events", context.region, _SYNC_RULE),))


def _is_arn_of(text: str, service: str) -> bool:
    """Whether a text is the ARN of something of a service that is no resource of the spec."""
    iam = {"stepfunctions": "states"}.get(service, service)
    return re.fullmatch(rf"arn:[^:]+:{iam}:[^:]*:[^:]*:[^$]+", text) is not None


def _executions(filler: Filler, task: Task) -> Iterator[Joined]:
    for text in task.texts:
        for named in filler.named(text):
            if named.section == "workflows":
                yield _executions_of(filler.context, named.section, named.key)
        if _is_arn_of(text, task.service):
            yield joined(filler.filled(text.replace(":stateMachine:", ":execution:")), ":*")


def _executions_of(context: Resolving, section: str, key: str) -> Joined:
    """The executions of a workflow of the spec, which may be another account's."""
    already = context.existing(section, key)
    if already and already.account:
        return joined(already.id.replace(":stateMachine:", ":execution:"), ":*")
    return arn("states", context.region, f"execution:{context.name_of(section, key)}:*")


def _buses(filler: Filler, arguments: Any) -> Iterator[Expression]:
    """The buses of the entries: those that name none are for the default one."""
    entries = arguments.get("Entries") if isinstance(arguments, dict) else None
    named = [one.get("EventBusName", "default") for one in entries or () if isinstance(one, dict)]
    for name in dict.fromkeys(one for one in named or ["default"] if isinstance(one, str)):
        bus = filler.filled(name)
        yield bus if name.startswith("arn:") else arn("events", filler.context.region, "event-bus/", bus)


def map_statements(context: Resolving, name: str) -> Iterator[Statement]:
    """What a distributed map needs: it runs its items as executions of the workflow itself.

    https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    """
    machine = arn("states", context.region, f"stateMachine:{name}")
    runs = arn("states", context.region, f"execution:{name}/*")
    yield Statement("StartItems", ("states:StartExecution",), (machine,))
    watch = ("states:DescribeExecution", "states:RedriveExecution", "states:StopExecution")
    yield Statement("WatchItems", watch, (runs,))


def key_uses(context: Resolving, grants: tuple[Grant, ...]) -> Iterator[KeyUse]:
    """The KMS keys of what the workflow uses."""
    for one in grants:
        reads = all(one.access.verbs[verb].reads for verb in one.verbs)
        yield from key_use(context, one.section, one.key, one.access.through, reads=reads)


def merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """The statements, those of one id together: a policy has each id once."""
    found: dict[str, Statement] = {}
    for one in statements:
        there = found.get(one.sid)
        actions = tuple(sorted({*(there.actions if there else ()), *one.actions}))
        resources = tuple(dict.fromkeys((*(there.resources if there else ()), *one.resources)))
        found[one.sid] = Statement(one.sid, actions, resources, one.conditions)
    return tuple(found.values())
