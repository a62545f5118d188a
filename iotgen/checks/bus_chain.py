"""An event of a bus goes to another bus, and from there to a third, or back."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.events import BusEvent, bus_events
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.bus import SECTION


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bus that sends on to a bus although it gets events from one."""
    names = {one.key: one.id for one in pipeline.all(Outside) if one.section == SECTION}
    events = bus_events(pipeline)
    fed: dict[str, BusEvent] = {}
    for event in events:
        for target in event.targets:
            if target.section == SECTION:
                fed.setdefault(names.get(target.key, target.key), event)
    for event in events:
        source = fed.get(names.get(event.bus_key, event.bus_key) if event.bus_key else event.bus_name)
        for target in event.targets:
            if source and target.section == SECTION:
                message = (
                    f"what `{source.key}` sends to the bus does not go on to `{target.key}`: "
                    "EventBridge passes an event from one bus to another once"
                )
                hint = f"Send to `{target.key}` from the first bus, too."
                yield Finding((*target.path, "bus"), message, hint)


RULE = Rule(
    code="IOT406",
    severity=Severity.WARNING,
    summary="An event goes from bus to bus, and on to a third.",
    why=(
        "EventBridge does not route an event that a bus got from another one to a third bus. The rule is "
        "made, and matches nothing of what came from there."
    ),
    fix="Send to each bus from the first one.",
    ignore="The pattern is on events that are put on the bus itself.",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html",
    check=check,
)
