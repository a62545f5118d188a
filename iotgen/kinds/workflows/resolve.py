"""Workflows from their settings: the definition, what it needs, and what starts it."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from iotgen.kinds.functions.allowed import Allowed, resolve_allowed
from iotgen.kinds.functions.managed import resolve_managed
from iotgen.kinds.functions.role import resolve_role
from iotgen.kinds.workflows.definition import Definition, read
from iotgen.kinds.workflows.permissions import (
    derived_grants,
    derived_statements,
    key_uses,
    map_statements,
    merged,
    own_statements,
)
from iotgen.kinds.workflows.references import Filler
from iotgen.kinds.workflows.tasks import Task, tasks
from iotgen.kinds.workflows.workflow import OFF, SECTION, Workflow, role_of
from iotgen.model.access import Grant, resolve_access
from iotgen.model.arn import arn
from iotgen.model.context import label
from iotgen.model.expression import Joined
from iotgen.model.key_use import key_statements
from iotgen.model.kind import Resolving, Settings
from iotgen.model.policy import Statement
from iotgen.model.trigger import Position, Trigger, TriggerKind
from iotgen.problem import Path
from iotgen.triggers.event import EVENT_TRIGGER
from iotgen.triggers.schedule import SCHEDULE_TRIGGER

STARTERS: tuple[TriggerKind[Any], ...] = (SCHEDULE_TRIGGER, EVENT_TRIGGER)


def resolve_workflows(context: Resolving) -> tuple[Workflow, ...]:
    """The workflows."""
    return tuple(_workflow(context, *entry) for entry in context.entries(SECTION))


def _workflow(context: Resolving, key: str, settings: Settings, path: Path) -> Workflow:
    definition = _definition(context, settings, path)
    filler = Filler(context, definition, settings["substitutions"])
    data = filler.substituted()
    filler.report(data)
    calls = tuple(tasks(data))
    derived = tuple(one for call in calls for one in derived_grants(filler, call))
    own = {call: tuple(derived_statements(filler, call)) for call in calls}
    granted = resolve_access(context, context.accesses, settings["access"], (*path, "access"))
    allowed = tuple(resolve_allowed(context, settings["access"], (*path, "access")))
    name = context.name_of(SECTION, key)
    statements = (
        *own_statements(logs=settings["log_level"] != OFF, traces=settings["tracing"]),
        *key_statements(context, key_uses(context, (*derived, *granted))),
        *(one for grant in (*derived, *granted) for one in grant.access.statements(context, grant)),
        *(one for call in calls for one in own[call]),
        *(map_statements(context, name) if _is_distributed(data) else ()),
        *(one.statement for one in allowed),
    )
    return Workflow(
        **context.named(key, path),
        type=settings["type"],
        arn=arn("states", context.region, f"stateMachine:{name}"),
        definition=definition,
        body=filler.body(data),
        log_level=settings["log_level"],
        log_data=settings["log_data"],
        log_retention_days=settings["log_retention_days"],
        log_kms_key=context.log_kms_key(SECTION, key),
        tracing=settings["tracing"],
        derived=derived,
        granted=granted,
        allowed=allowed,
        managed=resolve_managed(context, settings["access"], (*path, "access"), role_of(label(key))),
        runs_as=resolve_role(context, settings.get("role"), f"{name}-workflow", role_of(label(key)), path),
        open=tuple(
            call
            for call in calls
            if call.service and not own[call] and not _is_known(filler, call, granted, allowed)
        ),
        statements=merged(statements),
        triggers=tuple(_triggers(context, key, settings, path)),
    )


def _definition(context: Resolving, settings: Settings, path: Path) -> Definition:
    written = settings["definition"]
    text = context.sources.text(written) if isinstance(written, str) else None
    return read(written, text, (*path, "definition"))


def _is_known(filler: Filler, call: Task, granted: tuple[Grant, ...], allowed: tuple[Allowed, ...]) -> bool:
    """Whether a task's permission is derived, or the spec's `access` has one of its service.

    What a job needs beside its own action (`.sync`) is known to its author only.
    """
    if any(derived_grants(filler, call)) or any(map(filler.is_lost, call.texts)):
        return True
    service = call.action.partition(":")[0]
    if any(one.access.service == call.service for one in granted):
        return True
    patterns = [action for one in allowed for action in one.actions]
    return any(fnmatchcase(call.action, one) or one.startswith(f"{service}:") for one in patterns)


def _is_distributed(data: Any) -> bool:
    if isinstance(data, dict):
        config = data.get("ProcessorConfig")
        if isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED":
            return True
        return any(map(_is_distributed, data.values()))
    return isinstance(data, list) and any(map(_is_distributed, data))


def _triggers(context: Resolving, key: str, settings: Settings, path: Path) -> Iterator[Trigger]:
    """What starts the workflow, named apart from what invokes a function of the same key."""
    for kind in STARTERS:
        own = [(index, one) for index, one in enumerate(settings["triggers"]) if kind.word in one]
        for number, (index, written) in enumerate(own, 1):
            position = Position(
                key=f"{key}-workflow",
                path=(*path, "triggers", index),
                number=number,
                sharers=len(own),
                reserved=None,
            )
            if trigger := kind.resolve(context, written, position):
                yield trigger


def statement_of(workflow: Workflow) -> Statement:
    """The permission to start it."""
    return start_statement(workflow.arn)


def start_statement(workflow: Joined) -> Statement:
    """The permission to start the workflow with an ARN."""
    return Statement("StartWorkflow", ("states:StartExecution",), (workflow,))
