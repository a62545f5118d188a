"""What is shown of deployed events, and what an account must have for them.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from iotgen.kinds.events.alarms import FAILED
from iotgen.kinds.events.event import BusEvent, Event
from iotgen.model.contents import Clients
from iotgen.model.plural import plural
from iotgen.model.preflight import Account, Check, Level
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


# A region has so many policies by which services write to log groups, and no quota can be raised.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
_LOG_POLICIES = 10
_POLICIES = "log policies"


def event_preflight(events: tuple[Event, ...], account: Account) -> Iterator[Check]:
    """The names of rules, of schedules and of their roles that are taken, and the policies of log groups.

    A schedule has no tags: it is ours if its role is.
    """
    writing = [event for event in events if isinstance(event, BusEvent) and event.logs]
    if writing:
        yield _log_policies(writing, account)
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


def _log_policies(events: Sequence[BusEvent], account: Account) -> Check:
    """Whether the region takes the policies by which the events may write to log groups."""
    pages = account.client("logs").get_paginator("describe_resource_policies").paginate()
    there = {str(one["policyName"]) for page in pages for one in page["resourcePolicies"]}
    missing = [event for event in events if event.role_name not in there]
    free = max(0, _LOG_POLICIES - len(there))
    if len(missing) <= free:
        message = f"{plural(len(missing), 'policy')} to add, and {free} of {_LOG_POLICIES} are free"
        return Check(level=Level.OK, about=_POLICIES, message=message)
    message = (
        f"the events need {plural(len(missing), 'more policy')} to write to log groups, and "
        f"the region has {len(there)} of the {_LOG_POLICIES} that AWS allows"
    )
    hint = "Remove those that nothing needs: `aws logs describe-resource-policies` lists them."
    path = missing[free].path
    return Check(level=Level.ERROR, about=_POLICIES, message=message, hint=hint, path=path)
