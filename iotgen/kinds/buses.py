"""Buses: the events of EventBridge."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.accepting import Accepted, accepted, users_drawing
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.arn import arn
from iotgen.model.contents import Clients
from iotgen.model.context import Context
from iotgen.model.cost import Amounts, Charge, Costs, Scope, Use, Work, units
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Style
from iotgen.model.expression import Joined
from iotgen.model.kind import Kind, Name, Resolving
from iotgen.model.live import Live, live_name
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.model.status import Fact, Metric, Status

SECTION = "buses"
ADDRESS = "aws_cloudwatch_event_bus"
# https://aws.amazon.com/eventbridge/pricing/
_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Bus(Resource):
    """An event bus; `accepted` are those outside of the spec that may put events into it."""

    accepted: tuple[Accepted, ...]


def _resolve(context: Resolving) -> tuple[Bus, ...]:
    return tuple(
        Bus(**context.named(key, path), accepted=accepted(context, SECTION, key, {}))
        for key, _, path in context.entries(SECTION)
    )


def _names(bus: Bus) -> Iterator[Name]:
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
    yield Name(what="a bus", text=bus.name, space="bus", most=256)


def _render(buses: tuple[Bus, ...], _digests: Digests) -> Iterator[Rendering]:
    for bus in buses:
        yield Rendering(SECTION, bus.path, "bus", {"bus": bus})


def _outputs(buses: tuple[Bus, ...]) -> tuple[Output, ...]:
    labels = {bus.key: bus.label for bus in buses}
    return output_of("bus_names", "The buses' names", labels, f"{ADDRESS}.name")


def _preflight(buses: tuple[Bus, ...], account: Account) -> Iterator[Check]:
    """The names of buses that are taken."""
    client = account.client("events")
    for bus in buses:
        try:
            client.describe_event_bus(Name=bus.name)
        except client.exceptions.ResourceNotFoundException:
            continue
        arn = account.arn("events", f"event-bus/{bus.name}")
        yield from account.taken("the bus", bus.name, bus.path, arn)


def _metrics(bus: Bus) -> Iterator[Metric]:
    """The calls of what rules of the bus have as targets.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    """
    yield Metric(
        column="calls",
        title="attempts to deliver events",
        of="AWS/Events:InvocationAttempts",
        dimensions={"EventBusName": bus.name},
    )


def _facts(clients: Clients, bus: Bus) -> Iterator[Fact]:
    """How many rules look at its events, also ones that are made elsewhere."""
    client = clients("events")
    client.describe_event_bus(Name=bus.name)
    pages = client.get_paginator("list_rules").paginate(EventBusName=bus.name)
    yield Fact(column="rules", value=sum(len(page["Rules"]) for page in pages))


_STATUS = Status(columns=("rules", "calls"), metrics=_metrics, facts=_facts)
_STYLE = Style(name="bus", hue=330, icon="M3 9h18M3 15h18M7 5v4M12 15v4M17 5v4", shape=("[[", "]]"))


def _drawing(buses: tuple[Bus, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    for bus in buses:
        yield Node(id=bus.path, noun="bus", title=bus.key, note="EventBridge", style=_STYLE)
        yield from users_drawing(bus.path, bus.accepted)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("events", context.region, "event-bus/", context.name_of(SECTION, key))


def _there(live: Live, bus: Outside) -> None:
    live.client("events").describe_event_bus(Name=bus.id)


def _charges(_bus: Bus, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    for use in uses:
        yield Charge("events.custom", use.get("events"), use.path)


def _put(work: Work) -> Amounts:
    return {"events": work.calls * units(work.bytes, _CHUNK)}


def _free(_work: Work) -> Amounts:
    """The calls that cost nothing."""
    return {}


BUSES = Kind(
    section=SECTION,
    noun="bus",
    type=Bus,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of a function, set it as `bus` of a trigger",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=_STATUS,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    preflight=_preflight,
    in_spec=None,
    waits={},
    renamable=False,
    access=Access(
        service="events",
        operations={
            "describe_event_bus": "events:DescribeEventBus",
            "list_event_buses": "events:ListEventBuses",
            "put_events": "events:PutEvents",
        },
        objects={},
        address=ADDRESS,
        noun="bus",
        variable=Variable(prefix="BUS_", attribute="name", live=live_name),
        phrase="{verbs} to the bus `{key}`",
        verbs={
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
            "write": Verb(
                actions=("events:PutEvents",),
                method="put_events",
                methods=frozenset({"put_events"}),
                reads=False,
            ),
            "describe": Verb(
                actions=("events:DescribeEventBus",),
                method="describe_event_bus",
                methods=frozenset({"describe_event_bus"}),
                reads=True,
                phrase="{verbs} the bus `{key}`",
            ),
        },
        examples=("write",),
        through=None,
        arn=_arn,
        statements=only_statement,
    ),
    existing=Form(
        address=ADDRESS,
        service="events",
        within="event-bus/",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={"write": _put, "describe": _free},
        per_reading={},
        apart=True,
        levers=(),
    ),
)
