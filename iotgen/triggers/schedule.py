"""Triggers by a schedule, of EventBridge Scheduler."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from iotgen.model.context import Context
from iotgen.model.drawing import Style
from iotgen.model.kind import Name, role_name
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    OutsideTrigger,
    Position,
    TriggerKind,
    Undelivered,
    as_named,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.triggers.expression import fault, per_second
from iotgen.triggers.undelivered import undelivered


@dataclass(frozen=True, kw_only=True)
class ScheduleTrigger(OutsideTrigger):
    """A trigger at times that an `expression` says, in a time zone.

    `input` is the event as JSON, if given; with `flexible` it comes within so many minutes. It never comes
    unless it is `enabled`. `name` is that of the schedule and of the role by which it invokes the function.
    """

    style: ClassVar[Style] = Style(
        name="schedule", hue=45, icon="M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4l3 2", shape=("([", "])")
    )
    note: ClassVar[str] = "EventBridge Scheduler"

    name: str
    expression: str
    time_zone: str
    input: str | None
    flexible: int | None
    enabled: bool

    @property
    def title(self) -> str:
        """The expression."""
        return self.expression

    @property
    def events(self) -> str:
        """Its times."""
        return "scheduled events"

    @property
    def amount(self) -> str:
        """One at a time: nothing to say."""
        return "" if self.time_zone == "UTC" else self.time_zone

    @property
    def subject(self) -> str:
        """The schedule."""
        return f"the schedule `{self.expression}`"

    @property
    def per_second(self) -> float:
        """How often it comes."""
        return per_second(self.expression) if self.enabled and not fault(self.expression) else 0.0

    def aws_names(self) -> Iterable[Name]:
        """Those of the schedule and its role."""
        given, path = bool(self.given), self.named_at
        yield Name(what="a schedule", text=self.name, space="schedule", most=64, path=path, given=given)
        yield role_name("the role of a schedule", self.name, path, given=given)

    def preflight(self, account: Account) -> Iterator[Check]:
        """Those of the schedule and its role. A schedule has no tags: it is ours if its role is."""
        client, own = account.client("scheduler"), account.role_is_ours(self.name)
        with suppress(client.exceptions.ResourceNotFoundException):
            client.get_schedule(Name=self.name)
            if not own:
                yield from account.taken("the schedule", self.name, self.named_at, "")
        if own is False:
            yield from account.taken("the role", self.name, self.named_at, "")


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> ScheduleTrigger:
    return ScheduleTrigger(
        **position.named(context, settings, "schedule"),
        expression=settings["schedule"],
        time_zone=settings["time_zone"],
        input=json.dumps(settings["input"]) if "input" in settings else None,
        flexible=settings.get("flexible"),
        enabled=settings["enabled"],
    )


def _render(calls: tuple[Call[ScheduleTrigger], ...]) -> Iterator[Rendering]:
    for call in calls:
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "schedule", holes)


def _sample(trigger: ScheduleTrigger, _resource: None, occasion: Occasion) -> Event:
    """The input of the schedule, or what Scheduler sends without one.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
    """
    if trigger.input is not None:
        given: Event = json.loads(trigger.input)
        return given
    live = occasion.live
    at = datetime.fromtimestamp(occasion.now / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    schedule = f"arn:{live.partition}:scheduler:{live.region}:{live.account}:schedule/default/{trigger.name}"
    return {
        "version": "0",
        "id": occasion.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": live.account,
        "time": at,
        "region": live.region,
        "resources": [schedule],
        "detail": "{}",
    }


def _undelivered(body: str, attributes: Mapping[str, str]) -> Undelivered | None:
    """The input of the schedule, or what Scheduler sends without one."""
    return undelivered(body, attributes, "SCHEDULE_ARN", "schedule")


SCHEDULE_TRIGGER = TriggerKind(
    word="schedule",
    section=None,
    type=ScheduleTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=None,
    delivery=one_by_one,
    written=as_named,
    undelivered=_undelivered,
)
