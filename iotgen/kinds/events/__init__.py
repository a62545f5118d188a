"""Events: what EventBridge sends straight to queues, topics, streams and others."""

from collections.abc import Iterator

from iotgen.kinds.events.alarms import event_alarms
from iotgen.kinds.events.drawing import event_drawing
from iotgen.kinds.events.event import (
    ADDRESS,
    SECTION,
    BusEvent,
    Event,
    ScheduledEvent,
    Target,
    bus_events,
    scheduled_events,
)
from iotgen.kinds.events.resolve import resolve_events
from iotgen.kinds.events.status import EVENT_STATUS, event_preflight
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.kind import Kind, Name, role_name
from iotgen.model.log_group import no_logs
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.triggers.bus import rule_space

__all__ = ["EVENTS", "BusEvent", "Event", "ScheduledEvent", "Target", "bus_events", "scheduled_events"]


def _names(event: Event) -> Iterator[Name]:
    if isinstance(event, BusEvent):
        space = rule_space(event.bus_name)
        yield Name(what="an event rule", text=event.name, space=space, most=64)
    else:
        yield Name(what="a schedule", text=event.name, space="schedule", most=64)
    if event.statements:
        yield role_name("the role of an event", event.role_name)


def _render(events: tuple[Event, ...], _digests: Digests) -> Iterator[Rendering]:
    for event in events:
        holes = {"event": event}
        if isinstance(event, BusEvent):
            yield Rendering(SECTION, event.path, "event", holes)
            for target in event.targets:
                yield Rendering(SECTION, target.path, "event_target", {**holes, "target": target})
            if event.logs:
                yield Rendering(SECTION, event.path, "event_logs", holes)
        else:
            yield Rendering(SECTION, event.path, "event_schedule", holes)
        if event.statements:
            service = "events" if isinstance(event, BusEvent) else "scheduler"
            yield Rendering(SECTION, event.path, "event_role", {**holes, "service": service})


def _outputs(events: tuple[Event, ...]) -> tuple[Output, ...]:
    labels = {event.key: event.label for event in events if isinstance(event, BusEvent)}
    return output_of("event_rule_names", "The names of the events' rules", labels, f"{ADDRESS}.name")


EVENTS: Kind[Event] = Kind(
    section=SECTION,
    noun="event",
    type=Event,
    address=ADDRESS,
    referred=True,
    used_in=None,
    resolve=resolve_events,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=event_alarms,
    logs=no_logs,
    status=EVENT_STATUS,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    preflight=event_preflight,
    in_spec=None,
    waits={},
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=event_drawing,
    costs=FREE,
)
