"""Two sides to their differences, by resource, in the order of the schema's sections and of the spec."""

from collections.abc import Iterator
from dataclasses import replace

from iotgen.compare.difference import Change, Difference, How
from iotgen.compare.files import file_changes, named_changes, package_changes
from iotgen.compare.permissions import permissions
from iotgen.compare.settings import setting_changes
from iotgen.compare.side import Side, keyed, noun, starts_from
from iotgen.kinds.functions import FUNCTIONS
from iotgen.kinds.layers import LAYERS
from iotgen.spec.schema import schema


def compare(before: Side, after: Side) -> tuple[Difference, ...]:
    """All that differs; what a resource inherits from `defaults` is listed once, under these."""
    found = [one for section in schema()["properties"] for one in _of_section(before, after, section)]
    shared, own = _without_inherited(before, after, found)
    terraform = Difference(
        "terraform", "", "terraform/", How.CHANGED, files=file_changes(before.own, after.own)
    )
    return tuple(one for one in (*shared, *own, terraform) if not one.empty)


def _of_section(before: Side, after: Side, section: str) -> Iterator[Difference]:
    if section not in before.settings and section not in after.settings:
        return
    if not keyed(section):
        changes = tuple(setting_changes(before, after, (section,)))
        files = named_changes(before, after, (section,))
        yield Difference(section, "", section, How.CHANGED, settings=changes, files=files)
        return
    old, new = before.settings.get(section, {}), after.settings.get(section, {})
    for key in (*old, *(key for key in new if key not in old)):
        yield _of_resource(before, after, section, key)


def _of_resource(before: Side, after: Side, section: str, key: str) -> Difference:
    path, title = (section, key), f"{noun(section)} {key}"
    if key not in before.settings.get(section, {}):
        gains = permissions(after, before, key) if section == FUNCTIONS.section else ()
        origin = after.origin(path, key=True)
        return Difference(section, key, title, How.ADDED, after=origin, gains=gains)
    if key not in after.settings.get(section, {}):
        loses = permissions(before, after, key) if section == FUNCTIONS.section else ()
        origin = before.origin(path, key=True)
        return Difference(section, key, title, How.REMOVED, before=origin, loses=loses)
    found = Difference(
        section,
        key,
        title,
        How.CHANGED,
        before.origin(path, key=True),
        after.origin(path, key=True),
        settings=tuple(setting_changes(before, after, path, leave_out=_told_otherwise(section))),
        files=named_changes(before, after, path),
    )
    return _with_contents(before, after, found)


def _told_otherwise(section: str) -> tuple[str, ...]:
    """The settings that are compared by what they allow."""
    return ("access",) if section == FUNCTIONS.section else ()


def _with_contents(before: Side, after: Side, found: Difference) -> Difference:
    """The difference with what is packaged, and what a function may do."""
    key = found.key
    if found.section == FUNCTIONS.section:
        return replace(
            found,
            gains=permissions(after, before, key),
            loses=permissions(before, after, key),
            code=file_changes(before.code.get(key, {}), after.code.get(key, {})),
        )
    if found.section == LAYERS.section:
        packages = package_changes(before.pins.get(key, {}), after.pins.get(key, {}))
        return replace(found, packages=packages)
    return found


def _without_inherited(
    before: Side, after: Side, found: list[Difference]
) -> tuple[list[Difference], list[Difference]]:
    """The differences of `defaults`, with the resources that inherit them, and the others without these."""
    shared: dict[str, dict[tuple[str, str], Change]] = {}
    own = []
    for one in found:
        start = starts_from(one.section)
        inherited = [change for change in one.settings if start and _inherited(before, after, one, change)]
        for change in inherited:
            changes = shared.setdefault(str(start), {})
            seen = changes.get((change.setting, repr((change.old, change.new))), change)
            users = (*seen.users, one.key)
            changes[change.setting, repr((change.old, change.new))] = replace(seen, users=users)
        own.append(replace(one, settings=tuple(c for c in one.settings if c not in inherited)))
    groups = [
        Difference("defaults", start, f"defaults.{start}", How.CHANGED, settings=tuple(changes.values()))
        for start, changes in shared.items()
    ]
    return groups, own


def _inherited(before: Side, after: Side, one: Difference, change: Change) -> bool:
    """Whether neither side has the setting with the resource itself, and one has it in `defaults`."""
    path = (one.section, one.key, *change.setting.split("."))[:3]
    if path in before.document.values or path in after.document.values:
        return False
    shared = ("defaults", starts_from(one.section), path[2])
    return shared in before.document.values or shared in after.document.values
