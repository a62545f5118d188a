"""Differences as lines for people, and as a comment on a pull request."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from iotgen.compare.difference import ABSENT, Change, Difference, FileChange, How, Origin, Permission
from iotgen.visible import visible

SIGNS = {How.ADDED: "+", How.REMOVED: "-", How.CHANGED: "~"}
_LONGEST = 44
_WIDTH = 80


def text(differences: Sequence[Difference]) -> Iterator[str]:
    """The differences, a paragraph for each resource; all lines but those with a sign are indented."""
    for one in differences:
        place = _places(one.before, one.after)
        yield _beside(f"{SIGNS[one.how]} {visible(one.title)}", place)
        for line, where in _inside(one):
            yield _beside(f"    {line}", where)


def markdown(differences: Sequence[Difference], title: str) -> Iterator[str]:
    """The differences as a list, for a comment on a pull request."""
    yield f"**{_plain(title)}**: {counted(differences)}"
    for one in differences:
        place = _places(one.before, one.after)
        how = "" if one.how is How.CHANGED else f" {one.how}"
        yield f"\n- **{_plain(one.title)}**{how}{_in_code(place)}"
        for line, where in _inside(one):
            yield f"  - {_plain(line)}{_in_code(where)}"


def counted(differences: Sequence[Difference]) -> str:
    """The number of resources that differ, in words."""
    number = sum(map(_number, differences))
    return "no difference" if not number else f"{number} difference{'' if number == 1 else 's'}"


def _number(one: Difference) -> int:
    if one.how is not How.CHANGED:
        return 1
    lists = (one.settings, one.gains, one.loses, one.files, one.packages)
    return sum(map(len, lists)) + bool(one.code)


def _inside(one: Difference) -> Iterator[tuple[str, str]]:
    """The lines of a difference, each with its place."""
    for change in one.settings:
        yield _setting(change), _places(change.before, change.after)
        if change.users:
            yield f"  for {', '.join(change.users)}", ""
    for verb, found in (("gains", one.gains), ("loses", one.loses)):
        for permission in found:
            yield _permission(verb, permission), _places(permission.origin, None)
    yield from ((f"code: {line}", "") for line in _code(one.code))
    yield from ((f"requirements: {_package(change)}", "") for change in one.packages)
    yield from ((f"{visible(change.name)}: {change.how}", "") for change in one.files)


def _setting(change: Change) -> str:
    name = f"{change.setting}: " if change.setting else ""
    if isinstance(change.old, list) and isinstance(change.new, list):
        added = [item for item in change.new if item not in change.old]
        removed = [item for item in change.old if item not in change.new]
        if added or removed:
            parts = [*(f"+{shown(item)}" for item in added), *(f"-{shown(item)}" for item in removed)]
            return visible(f"{name}{' '.join(parts)}")
    return visible(f"{name}{shown(change.old)} -> {shown(change.new)}")


def shown(value: Any) -> str:
    """A value in few words: as JSON, and cut where it is long."""
    if value is ABSENT:
        return "not set"
    whole = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 3]}..."


def _permission(verb: str, permission: Permission) -> str:
    # What a managed policy allows is in no spec.
    actions = f" ({', '.join(permission.actions)})" if permission.actions else ""
    return visible(f"{verb}: {permission.words}{actions}")


def _code(changes: Sequence[FileChange]) -> Iterator[str]:
    """The files that were changed, added and removed, a line each."""
    for how in (How.CHANGED, How.ADDED, How.REMOVED):
        names = [change.name for change in changes if change.how is how]
        if names:
            yield f"{how} {visible(_in_one_line(names))}"


def _in_one_line(names: Sequence[str]) -> str:
    """As many names as fit, at least one, and the number of the others."""
    fit = next((n for n in range(len(names), 1, -1) if len(", ".join(names[:n])) <= _LONGEST), 1)
    left = len(names) - fit
    return ", ".join(names[:fit]) + (f" and {left} more" if left else "")


def _package(change: FileChange) -> str:
    if change.how is not How.CHANGED:
        return visible(f"{change.name} {change.new or change.old} {change.how}")
    same = change.old == change.new
    return visible(f"{change.name} {change.old}" + (", other hashes" if same else f" -> {change.new}"))


def _places(before: Origin | None, after: Origin | None) -> str:
    """The places of both sides; the second without the file, where it is the same."""
    first, second = _place(before), _place(after)
    if before and after and before.line and after.line and before.file == after.file:
        return first if before.line == after.line else f"{first} -> {after.line}"
    return " -> ".join(dict.fromkeys(place for place in (first, second) if place))


def _place(origin: Origin | None) -> str:
    if origin is None:
        return ""
    return f"{visible(origin.file)}:{origin.line}" if origin.line else str(origin.source)


def _beside(line: str, place: str) -> str:
    """The place behind the line, or under it where both are too long for a terminal."""
    if not place:
        return line
    whole = f"{line}  [{place}]"
    return whole if len(whole) <= _WIDTH else f"{line}\n      [{place}]"


def _in_code(place: str) -> str:
    return f" (`{place}`)" if place else ""


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, code apart."""
    return "".join(f"\\{char}" if char in "*_<[]|" else char for char in text)
