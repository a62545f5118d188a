"""Triggers by events of an EventBridge bus that match a pattern."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from iotgen.model.context import Context
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, Joined
from iotgen.model.kind import Name
from iotgen.model.live import Live
from iotgen.model.naming import with_names
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    OutsideTrigger,
    Position,
    Sender,
    TriggerKind,
    Undelivered,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.problem import Path
from iotgen.triggers.bus import SECTION, bus_of, rule_space
from iotgen.triggers.permission import permission
from iotgen.triggers.undelivered import undelivered


@dataclass(frozen=True, kw_only=True)
class EventTrigger(OutsideTrigger):
    """A trigger by the events of a `bus`, None for the default one, that match a `pattern`.

    `name` is that of the rule, `bus_name` the bus's on AWS, `bus_key` its key in the spec, empty if it is not
    there. `matched` is the pattern with the names of resources filled in. One that is not `enabled` is there,
    and lets all pass.
    """

    service: ClassVar[str | None] = "events"
    style: ClassVar[Style] = Style(
        name="event", hue=330, icon="M12 3 4 8v8l8 5 8-5V8zM4 8l8 5 8-5M12 13v8", shape=("([", "])")
    )
    note: ClassVar[str] = "EventBridge"

    name: str
    arn: Joined
    pattern: Mapping[str, Any] = field(hash=False)
    matched: Mapping[str, Any] = field(hash=False)
    bus: str | Expression | None
    bus_name: str
    bus_key: str
    enabled: bool

    @property
    def title(self) -> str:
        """Where the events come from, by the pattern's plain sources, or the bus."""
        sources = [one for one in self.matched.get("source", ()) if isinstance(one, str)]
        return (
            ", ".join(sources[:2])
            or self.bus_key
            or (self.bus if isinstance(self.bus, str) else "")
            or "events"
        )

    @property
    def events(self) -> str:
        """Events."""
        return "events"

    @property
    def amount(self) -> str:
        """The kinds of events that the pattern names."""
        kinds = [one for one in self.matched.get("detail-type", ()) if isinstance(one, str)]
        return kinds[0] if len(kinds) == 1 else ""

    @property
    def subject(self) -> str:
        """The events of the sources."""
        return f"an event of `{self.title}`"

    @property
    def sender(self) -> Sender:
        """EventBridge, for the rule."""
        return Sender(
            f"SendUndelivered{self.label.rpartition('__')[2]}Events", "events.amazonaws.com", self.arn
        )

    def drawing(self, function: Path) -> Iterator[Node | Edge]:
        """An edge from the bus of the spec, or else from a node of its own."""
        if not self.bus_key:
            yield from super().drawing(function)
            return
        bus = (SECTION, self.bus_key)
        yield Edge(tail=bus, head=function, text=self.amount, accent=bus, relation=Relation.CALL)

    def aws_names(self) -> Iterable[Name]:
        """That of the rule."""
        yield Name(
            what="an event rule",
            text=self.name,
            space=rule_space(self.bus_name),
            most=64,
            path=self.named_at,
            given=bool(self.given),
        )

    def preflight(self, account: Account) -> Iterator[Check]:
        """That of the rule, which EventBridge would change, whoever's it is."""
        client, there = account.client("events"), account.text(self.arn)
        with suppress(client.exceptions.ResourceNotFoundException):
            client.describe_rule(Name=self.name, EventBusName=self.bus_name)
            yield from account.taken("the event rule", self.name, self.named_at, there)


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> EventTrigger | None:
    bus = bus_of(context, settings, position.path)
    if bus is None:
        return None
    common = position.named(context, settings, "event")
    return EventTrigger(
        **common,
        arn=bus.rule_arn(context, common["name"]),
        pattern=settings["event"],
        matched=with_names(context, settings["event"], (*position.path, "event")),
        bus=bus.reference,
        bus_name=bus.name,
        bus_key=bus.key,
        enabled=settings["enabled"],
    )


def _render(calls: tuple[Call[EventTrigger], ...]) -> Iterator[Rendering]:
    for call in calls:
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "event_rule", holes)
        statement = call.trigger.label.replace("_", "-")
        yield permission(call, statement, "events.amazonaws.com", call.trigger.arn)


def _sample(trigger: EventTrigger, _resource: None, occasion: Occasion) -> Event:
    """An event with the first value of each field that the pattern compares with values.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
    """
    live = occasion.live
    at = datetime.fromtimestamp(occasion.now / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "version": "0",
        "id": occasion.id,
        "detail-type": "sample",
        "source": "sample",
        "account": live.account,
        "time": at,
        "region": live.region,
        "resources": [],
        "detail": {},
        **_filled(trigger.matched, live),
    }


def _filled(pattern: Mapping[str, Any], live: Live) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for name, wanted in pattern.items():
        if isinstance(wanted, Mapping):
            filled[name] = _filled(wanted, live)
        elif not name.startswith("$") and wanted:
            value = _matching(wanted[0], live)
            filled[name] = [value] if name == "resources" else value
    return filled


def _matching(first: Any, live: Live) -> Any:
    """A value for the first of those that a field may have."""
    if isinstance(first, Mapping):
        first = first.get("prefix", {})
        return "sample" if isinstance(first, Mapping) else _matching(first, live)
    return live.text(first) if isinstance(first, Joined) else first


def _written(source: str) -> Mapping[str, Any]:
    """The pattern of all events of a source."""
    return {"source": [source]}


def _undelivered(body: str, attributes: Mapping[str, str]) -> Undelivered | None:
    """An event as it is on the bus, since rules change nothing of it."""
    return undelivered(body, attributes, "RULE_ARN", "rule")


EVENT_TRIGGER = TriggerKind(
    word="event",
    section=None,
    type=EventTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=None,
    delivery=one_by_one,
    written=_written,
    undelivered=_undelivered,
)
