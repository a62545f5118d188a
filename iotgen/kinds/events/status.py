"""What is shown of deployed events, and what an account must have for them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from collections.abc import Iterator
from contextlib import suppress

from iotgen.kinds.events.alarms import FAILED
from iotgen.kinds.events.event import BusEvent, Event
from iotgen.model.contents import Clients
from iotgen.model.preflight import Account, Check
from iotgen.model.status import Fact, Metric, Status
from iotgen.triggers.bus import DEFAULT


def _metrics(event: Event) -> Iterator[Metric]:
    if isinstance(event, BusEvent):
        own = {"RuleName": event.name}
        if event.bus_name != DEFAULT:
            own = {"EventBusName": event.bus_name, **own}
        yield Metric(column="sent", title="deliveries", of="AWS/Events:Invocations", dimensions=own)
        yield Metric(column="failed", title="failed deliveries", of=FAILED, dimensions=own, bad=True)


def _facts(clients: Clients, event: Event) -> Iterator[Fact]:
    """Whether it is there; one that is disabled is said to be."""
    if isinstance(event, BusEvent):
        about = clients("events").describe_rule(Name=event.name, EventBusName=event.bus_name)
    else:
        about = clients("scheduler").get_schedule(Name=event.name)
    if about.get("State") == "DISABLED":
        yield Fact(column="state", value="disabled", bad=event.enabled)


EVENT_STATUS: Status[Event] = Status(columns=("sent", "failed"), metrics=_metrics, facts=_facts)


def event_preflight(events: tuple[Event, ...], account: Account) -> Iterator[Check]:
    """The names of rules, of schedules and of their roles that are taken.

    A schedule has no tags: it is ours if its role is.
    """
    for event in events:
        if isinstance(event, BusEvent):
            rules = account.client("events")
            with suppress(rules.exceptions.ResourceNotFoundException):
                rules.describe_rule(Name=event.name, EventBusName=event.bus_name)
                there = account.text(event.arn)
                yield from account.taken("the event rule", event.name, event.path, there)
            continue
        schedules, own = account.client("scheduler"), account.role_is_ours(event.role_name)
        with suppress(schedules.exceptions.ResourceNotFoundException):
            schedules.get_schedule(Name=event.name)
            if not own:
                yield from account.taken("the schedule", event.name, event.path, "")
