"""A pattern of events is none that EventBridge takes, or that an event can match."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.events import bus_events
from iotgen.kinds.functions import Function
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.spec.nearest import nearest
from iotgen.triggers.event import EventTrigger
from iotgen.triggers.pattern import faults

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
_FIELDS = (
    "account",
    "detail",
    "detail-type",
    "id",
    "region",
    "replay-name",
    "resources",
    "source",
    "time",
    "trace-header",
    "version",
)
# As CloudFormation, Terraform and boto3 write it, where no edit distance leads to `detail-type`.
_OTHERWISE = {"type": "detail-type", "detailtype": "detail-type", "data": "detail"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each fault of a pattern, and each field that no event has."""
    owners: tuple[Function | Workflow, ...] = (*pipeline.all(Function), *pipeline.all(Workflow))
    for owner in owners:
        for trigger in owner.triggers:
            if isinstance(trigger, EventTrigger):
                yield from _of(trigger.pattern, (*trigger.path, "event"))
    for event in bus_events(pipeline):
        yield from _of(event.pattern, (*event.path, "pattern"))


def _of(pattern: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in pattern:
        if field not in _FIELDS and field != "$or":
            yield Finding((*path, field), *_unknown(field), at_key=True)
    for fault in faults(pattern):
        yield Finding((*path, *fault.path), fault.message, fault.hint)


def _unknown(field: str) -> tuple[str, str]:
    meant = _OTHERWISE.get(field.lower().replace("_", ""), nearest(field, _FIELDS))
    own = f"Write fields of your own under `detail`: `detail: {{{field}: [VALUE]}}`."
    return f"no event has a field `{field}`", f"Write `{meant}`." if meant else own


RULE = Rule(
    code="IOT402",
    summary="An event pattern is none that EventBridge takes, or that an event can match.",
    why=(
        "Each field of a pattern has a list of values or comparisons, or fields below it. EventBridge "
        "refuses anything else in the apply, and a pattern on a field that events do not have never matches."
    ),
    fix="Write the values as a list, and comparisons such as `{prefix: dev-}` in it.",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html",
    check=check,
)
