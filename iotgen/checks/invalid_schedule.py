"""A schedule is not an expression that AWS takes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import scheduled_events
from iotgen.kinds.functions import Function
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.expression import fault
from iotgen.triggers.schedule import ScheduleTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each schedule that is invalid."""
    for path, expression in _schedules(pipeline):
        if why := fault(expression):
            message = f"`{expression}` is not a schedule: {why}"
            hint = "Write `rate(5 minutes)`, or `cron(0 3 * * ? *)` for 3:00 each day."
            yield Finding((*path, "schedule"), message, hint)


def _schedules(pipeline: Pipeline) -> Iterator[tuple[Path, str]]:
    owners: tuple[Function | Workflow, ...] = (*pipeline.all(Function), *pipeline.all(Workflow))
    for owner in owners:
        for trigger in owner.triggers:
            if isinstance(trigger, ScheduleTrigger):
                yield trigger.path, trigger.expression
    yield from ((event.path, event.expression) for event in scheduled_events(pipeline))


RULE = Rule(
    code="IOT400",
    summary="A schedule is not an expression that AWS takes.",
    why=(
        "EventBridge Scheduler refuses an expression that it cannot read, in the apply. Its `cron` is not "
        "that of Unix: it has six fields, the last one for the year, and the day of month or the day of week "
        "is `?`. A rate of 1 takes a unit in the singular, any other in the plural."
    ),
    fix="Write `rate(5 minutes)`, or `cron(0 3 * * ? *)` for 3:00 each day.",
    source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
    check=check,
)
