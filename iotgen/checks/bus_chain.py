"""An event of a bus goes to another bus, and from there to a third, or back; or to its own bus."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import BusEvent, bus_events
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.bus import SECTION


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each event that goes to the bus it is from, and each bus that sends on what it gets from one."""
    names = {one.key: one.id for one in pipeline.all(Outside) if one.section == SECTION}
    sent = [
        (event, _bus(names, event), target, names.get(target.key, target.key))
        for event in bus_events(pipeline)
        for target in event.targets
        if target.section == SECTION
    ]
    fed: dict[str, tuple[BusEvent, str]] = {}
    for event, source, _, goal in sent:
        if source != goal:
            fed.setdefault(goal, (event, source))
    for event, source, target, goal in sent:
        path = (*target.path, "bus")
        if source == goal:
            message = f"`{event.key}` sends to `{target.key}`, the bus that its events are from"
            yield Finding(path, message, "Send to another bus, or remove the target.")
        elif source in fed:
            first, origin = fed[source]
            message = (
                f"what `{first.key}` sends to the bus does not go on to `{target.key}`: "
                "EventBridge passes an event from one bus to another once"
            )
            back = f"Remove the target: what comes from `{target.key}` is there already."
            hint = back if origin == goal else f"Send to `{target.key}` from the first bus, too."
            yield Finding(path, message, hint)


def _bus(names: dict[str, str], event: BusEvent) -> str:
    return names.get(event.bus_key, event.bus_key) if event.bus_key else event.bus_name


RULE = Rule(
    code="IOT406",
    severity=Severity.WARNING,
    summary="An event goes from bus to bus, and on to a third; or to the bus it is from.",
    why=(
        "EventBridge does not route an event that a bus got from another one to a third bus. The rule is "
        "made, and matches nothing of what came from there."
    ),
    fix="Send to each bus from the first one.",
    ignore="The pattern is on events that are put on the bus itself.",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html",
    check=check,
)
