"""An event of EventBridge, or a schedule, that goes straight to resources of the spec."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.model.expression import Expression, Joined, Label
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.policy import Statement
from iotgen.model.resource import Resource
from iotgen.problem import Path
from iotgen.triggers.expression import fault, per_second

SECTION = "events"
ADDRESS = "aws_cloudwatch_event_rule"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where an event goes: the resource `key` of `section`, by its ARN.

    `verb` is the one of `access` by which a function would do the same. `statements` are what the role of the
    event needs for it, none where the resource's own policy lets EventBridge in; `through` is the service
    that uses the resource's KMS key in the role's name. `after` is what an apply makes first. `input` is a
    constant, as JSON; `paths` and `template` make another of the event.
    """

    word: str
    section: str
    key: str
    id: str
    label: Label
    path: Path
    arn: str | Expression
    verb: str
    statements: tuple[Statement, ...]
    through: str | None
    after: str | None
    partition_key: str | None
    input: str | None
    paths: Mapping[str, str] = field(hash=False)
    template: str | None

    @property
    def head(self) -> Named:
        """The path of the resource."""
        return (self.section, self.key)

    @property
    def shaped(self) -> bool:
        """Whether it gets something else than the event."""
        return self.input is not None or self.template is not None


@dataclass(frozen=True, kw_only=True)
class Event(Resource):
    """What is sent to `targets`, unless it is not `enabled`; with `statements`, by a role.

    `failed` is the ARN of the queue for what cannot be delivered, and `failed_key` its key.
    """

    description: str | None
    enabled: bool
    targets: tuple[Target, ...]
    statements: tuple[Statement, ...]
    failed: Joined | None
    failed_key: str | None

    @property
    def role(self) -> Label:
        """The label of its role."""
        return Label(f"{self.label}__event")

    @property
    def role_name(self) -> str:
        """The name of its role."""
        return f"{self.name}-event"

    @property
    def per_second(self) -> float:
        """How often it comes by itself."""
        return 0.0


@dataclass(frozen=True, kw_only=True)
class BusEvent(Event):
    """Events of a `bus`, None for the default one, that match a `pattern`; `bus_key` is its key in the spec.

    `matched` is the pattern with the names of resources filled in, `arn` that of the rule, `bus_name` the
    bus's on AWS, and `logs` the ARNs of the log groups that its policy lets it write to.
    """

    arn: Joined
    pattern: Mapping[str, Any] = field(hash=False)
    matched: Mapping[str, Any] = field(hash=False)
    bus: str | Expression | None
    bus_name: str
    bus_key: str
    logs: tuple[Joined, ...]

    @property
    def kinds(self) -> str:
        """The kinds of events that the pattern names, or their sources."""
        for name in ("detail-type", "source"):
            values = [one for one in self.matched.get(name, ()) if isinstance(one, str)]
            if values:
                return ", ".join(values[:2])
        return "events"


@dataclass(frozen=True, kw_only=True)
class ScheduledEvent(Event):
    """An event at the times of an `expression`, within `flexible` minutes from then on."""

    expression: str
    time_zone: str
    flexible: int | None

    @property
    def target(self) -> Target:
        """The one place that it goes to."""
        return self.targets[0]

    @property
    def per_second(self) -> float:
        """How often it comes."""
        return per_second(self.expression) if self.enabled and not fault(self.expression) else 0.0


def bus_events(pipeline: Pipeline) -> tuple[BusEvent, ...]:
    """Those of buses."""
    return tuple(one for one in pipeline.all(Event) if isinstance(one, BusEvent))


def scheduled_events(pipeline: Pipeline) -> tuple[ScheduledEvent, ...]:
    """Those of schedules."""
    return tuple(one for one in pipeline.all(Event) if isinstance(one, ScheduledEvent))
