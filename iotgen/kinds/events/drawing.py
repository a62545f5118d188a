"""What a picture shows of events: where they come from, and where they go."""

from collections.abc import Iterator

from iotgen.kinds.events.event import BusEvent, Event, ScheduledEvent
from iotgen.model.drawing import Edge, Node, Relation
from iotgen.model.pipeline import Pipeline
from iotgen.triggers.bus import SECTION as BUSES
from iotgen.triggers.event import EventTrigger
from iotgen.triggers.schedule import ScheduleTrigger


def event_drawing(events: tuple[Event, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """Each event, its bus if the spec has that, its targets, and the queue for what is not delivered."""
    for event in events:
        yield _node(event)
        if isinstance(event, BusEvent) and event.bus_key:
            bus = (BUSES, event.bus_key)
            yield Edge(tail=bus, head=event.path, text="", accent=bus, relation=Relation.CALL)
        for target in event.targets:
            text = "reshaped" if target.shaped else ""
            yield Edge(
                tail=event.path, head=target.head, text=text, accent=event.path, relation=Relation.NOTICE
            )
        if event.failed_key:
            yield Edge(
                tail=event.path,
                head=("queues", event.failed_key),
                text="undelivered",
                accent=event.path,
                relation=Relation.NOTICE,
            )


def _node(event: Event) -> Node:
    if isinstance(event, ScheduledEvent):
        style, note = ScheduleTrigger.style, event.expression
    else:
        style, note = (
            EventTrigger.style,
            f"EventBridge · {event.kinds}" if isinstance(event, BusEvent) else "",
        )
    return Node(id=event.path, noun="event", title=event.key, note=note, style=style)
