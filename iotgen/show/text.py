"""A description as sections of rows, for a terminal or a page."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.show.description import Description, Need, Neighbour, Origin, Permission, Setting, Source
from iotgen.show.flow import flow

Row = tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A heading and rows of cells."""

    title: str
    rows: tuple[Row, ...]


def sections(about: Description) -> Iterator[Section]:
    """The sections of a description that are not empty."""
    unset = [setting.name for setting in about.settings if setting.origin.source is Source.UNSET]
    settings = [setting for setting in about.settings if setting.origin.source is not Source.UNSET]
    for title, rows in (
        ("settings", [*map(_setting, settings), *([("not set", ", ".join(unset))] if unset else [])]),
        ("names on AWS", [(named.what, named.name) for named in about.names]),
        ("called, notified or used by", [*map(_neighbour, about.called_by)]),
        ("calls, notifies or uses", [*map(_neighbour, about.reaches)]),
        ("may", [_permission(one) for one in about.permissions]),
        ("what its role, which exists already, must allow", [*map(_need, about.needs)]),
        ("who may use it", [(one.function, *_permission(one)) for one in about.used_by]),
        (_alarms_title(about), [(watch.key, watch.condition, watch.metric) for watch in about.alarms]),
        (_cost_title(about), _costs(about)),
        (
            "overrides",
            [(one.address, f"{one.setting} = {flow(one.value)}", _line(one.line)) for one in about.overrides],
        ),
        ("Terraform", [(address,) for address in about.addresses]),
    ):
        if rows:
            yield Section(title, tuple(rows))


def _alarms_title(about: Description) -> str:
    topics = sorted({watch.notifies for watch in about.alarms if watch.notifies})
    return f"alarms, which notify {' and '.join(topics) or 'nobody'}"


def _cost_title(about: Description) -> str:
    cost = about.cost
    return f"cost: {cost.usd:,.2f} USD a month for {cost.load}, prices of {cost.prices}" if cost else ""


def _costs(about: Description) -> list[Row]:
    return [(name, f"{usd:,.2f}") for name, usd in about.cost.parts] if about.cost else []


def _setting(setting: Setting) -> Row:
    return setting.name, flow(setting.value), _origin(setting.origin)


def _origin(origin: Origin) -> str:
    if origin.source is Source.SCHEMA:
        return "default"
    if origin.source is Source.DERIVED:
        return f"from {origin.text}"
    return ", ".join(filter(None, (_line(origin.line), origin.within)))


def _neighbour(one: Neighbour) -> Row:
    return f"{one.noun} {one.key}", one.text, _line(one.line)


def _permission(one: Permission) -> Row:
    return one.phrase.replace("`", ""), _line(one.line), one.variable


def _need(one: Need) -> Row:
    under = f", if {' and '.join(one.conditions)}" if one.conditions else ""
    return (f"{', '.join(one.actions)} on {', '.join(one.resources)}{under}",)


def _line(line: int | None) -> str:
    return f"line {line}" if line else ""
