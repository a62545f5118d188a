"""The alarms of events: what EventBridge could not deliver, and has given up.

Rules of the default bus have the dimension RuleName alone; Scheduler counts by groups of schedules.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
"""

from collections.abc import Iterator

from iotgen.kinds.events.event import ADDRESS, SECTION, BusEvent, Event
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.expression import Expression, Reference
from iotgen.model.kind import Settings
from iotgen.triggers.bus import DEFAULT

FAILED = "AWS/Events:FailedInvocations"


def event_alarms(make: AlarmMaker, settings: Settings, events: tuple[Event, ...]) -> Iterator[Alarm]:
    """Failed deliveries of each event of a bus."""
    failures = settings[SECTION]["failures"]
    for event in events if failures else ():
        if isinstance(event, BusEvent):
            kept = "are kept" if event.failed else "are lost"
            yield make(
                key=f"{event.key}-event-failures",
                path=event.path,
                description=f"Events of {event.name} are not delivered, and {kept}",
                metric=FAILED,
                dimensions=_dimensions(event),
                threshold=failures,
            )


def _dimensions(event: BusEvent) -> dict[str, str | Expression]:
    own: dict[str, str | Expression] = {"RuleName": Reference(f"{ADDRESS}.{event.label}.name")}
    return own if event.bus_name == DEFAULT else {"EventBusName": event.bus_name, **own}
