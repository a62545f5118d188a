"""Events from their settings: the pattern or the schedule, targets, and the permissions of the role."""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.events.event import SECTION, BusEvent, Event, ScheduledEvent, Target
from iotgen.kinds.events.targets import Settings, resolve_targets
from iotgen.kinds.wiring import undelivered
from iotgen.model.arn import arn
from iotgen.model.expression import Joined
from iotgen.model.key_use import KeyUse, key_statements, key_use
from iotgen.model.kind import Resolving
from iotgen.model.naming import with_names
from iotgen.model.policy import Statement
from iotgen.problem import Path
from iotgen.triggers.bus import bus_of


def resolve_events(context: Resolving) -> tuple[Event, ...]:
    """The events whose bus, or whose one target, is declared."""
    found = (_event(context, *entry) for entry in context.entries(SECTION))
    return tuple(one for one in found if one)


def _event(context: Resolving, key: str, settings: Settings, path: Path) -> Event | None:
    scheduled = "schedule" in settings
    targets = tuple(resolve_targets(context, key, settings, path, by_role=scheduled))
    failed = undelivered(context, settings, path)
    common = context.named(key, path) | {
        "description": settings.get("description"),
        "enabled": settings["enabled"],
        "targets": targets,
        "failed": failed,
        "failed_key": settings["failed"] if failed else None,
    }
    if scheduled:
        return _scheduled(context, common, settings, failed) if targets else None
    return _of_bus(context, common, settings, path)


def _of_bus(context: Resolving, common: dict[str, Any], settings: Settings, path: Path) -> BusEvent | None:
    bus = bus_of(context, settings, path)
    if bus is None:
        return None
    targets: tuple[Target, ...] = common["targets"]
    return BusEvent(
        **common,
        arn=bus.rule_arn(context, common["name"]),
        pattern=settings["pattern"],
        matched=with_names(context, settings["pattern"], (*path, "pattern")),
        bus=bus.reference,
        bus_name=bus.name,
        bus_key=bus.key,
        logs=tuple(
            arn("logs", context.region, f"log-group:{context.name_of('log_groups', one.key)}:*")
            for one in targets
            if one.word == "log_group"
        ),
        statements=_merged(context, tuple(one for one in targets if one.statements)),
    )


def _scheduled(
    context: Resolving, common: dict[str, Any], settings: Settings, failed: Joined | None
) -> ScheduledEvent:
    keeping = (Statement("SendUndelivered", ("sqs:SendMessage",), (failed,)),) if failed else ()
    uses = key_use(context, "queues", settings["failed"], "sqs", reads=False) if failed else ()
    return ScheduledEvent(
        **common,
        expression=settings["schedule"],
        time_zone=settings["time_zone"],
        flexible=settings.get("flexible"),
        statements=(*_merged(context, common["targets"], *uses), *keeping),
    )


def _merged(context: Resolving, targets: tuple[Target, ...], *more: KeyUse) -> tuple[Statement, ...]:
    """What the role may do: each permission once, with the KMS keys of what it sends to."""
    found = {one.sid: one for target in targets for one in target.statements}
    return (*key_statements(context, (*_key_uses(context, targets), *more)), *found.values())


def _key_uses(context: Resolving, targets: tuple[Target, ...]) -> Iterator[KeyUse]:
    for target in targets:
        if target.through:
            yield from key_use(context, target.section, target.key, target.through, reads=False)
