"""The settings that differ: mappings key by key, lists by what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.compare.difference import ABSENT, Change
from iotgen.compare.side import Side
from iotgen.problem import Path


@dataclass(frozen=True)
class _Node:
    """A value on each side with its path there, and its name below the resource."""

    old: Any
    new: Any
    before: Path
    after: Path
    name: str


def setting_changes(before: Side, after: Side, path: Path, leave_out: Sequence[str] = ()) -> list[Change]:
    """The differences of the settings at `path`, without those that `leave_out` names."""
    old, new = _at(before, path), _at(after, path)
    if isinstance(old, Mapping):
        old = {name: value for name, value in old.items() if name not in leave_out}
    if isinstance(new, Mapping):
        new = {name: value for name, value in new.items() if name not in leave_out}
    unordered = before.unordered | after.unordered
    found = _differing(_Node(old, new, path, path, ""), unordered)
    return [_change(before, after, node) for node in found]


def _at(side: Side, path: Path) -> Any:
    value: Any = side.settings
    for step in path:
        value = value.get(step, ABSENT) if isinstance(value, Mapping) else ABSENT
    return value


def _change(before: Side, after: Side, node: _Node) -> Change:
    return Change(
        node.name,
        node.old,
        node.new,
        None if node.old is ABSENT else before.origin(node.before),
        None if node.new is ABSENT else after.origin(node.after),
    )


def _differing(node: _Node, unordered: frozenset[Path]) -> Iterator[_Node]:
    old, new = node.old, node.new
    # An empty mapping and none mean the same everywhere in a spec.
    if isinstance(old, Mapping) and (isinstance(new, Mapping) or (new is ABSENT and not old)):
        yield from _of_mappings(node, old, new if isinstance(new, Mapping) else {}, unordered)
    elif isinstance(new, Mapping) and not new and old is ABSENT:
        return
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(node, unordered)
    elif not _same(old, new):
        yield node


def _same(old: Any, new: Any) -> bool:
    """Whether two values are equal as JSON: `true` is not 1."""
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _of_mappings(
    node: _Node, old: Mapping[str, Any], new: Mapping[str, Any], unordered: frozenset[Path]
) -> Iterator[_Node]:
    for key in (*old, *(key for key in new if key not in old)):
        name = f"{node.name}.{key}" if node.name else key
        inner = _Node(
            old.get(key, ABSENT), new.get(key, ABSENT), (*node.before, key), (*node.after, key), name
        )
        yield from _differing(inner, unordered)


def _of_lists(node: _Node, unordered: frozenset[Path]) -> Iterator[_Node]:
    if any(isinstance(item, Mapping) for item in (*node.old, *node.new)):
        yield from _of_items(node, unordered)
        return
    sets = node.before in unordered or node.after in unordered
    same = sorted(node.old, key=repr) == sorted(node.new, key=repr) if sets else node.old == node.new
    if not same:
        yield node


def _of_items(node: _Node, unordered: frozenset[Path]) -> Iterator[_Node]:
    """The differences of lists of mappings: of those that are most alike, and of those on one side only."""
    left = dict(enumerate(node.old))
    for index, item in enumerate(node.new):
        match = max(left, key=lambda at: _alike(left[at], item), default=None)
        if match is None or not _alike(left[match], item):
            name = f"{node.name}[{_label(item, index)}]"
            yield _Node(ABSENT, item, node.before, (*node.after, index), name)
            continue
        old = left.pop(match)
        name = f"{node.name}[{_label(item, index)}]"
        yield from _differing(_Node(old, item, (*node.before, match), (*node.after, index), name), unordered)
    for index, old in left.items():
        name = f"{node.name}[{_label(old, index)}]"
        yield _Node(old, ABSENT, (*node.before, index), node.after, name)


def _alike(old: Any, new: Any) -> int:
    """How much two items have in common."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return int(_same(old, new))
    return sum(key in new and _same(value, new[key]) for key, value in old.items())


def _label(item: Any, index: int) -> str:
    """What an item is called: the first text in it, such as the queue of a trigger."""
    values = item.values() if isinstance(item, Mapping) else ()
    return next((value for value in values if isinstance(value, str)), str(index))
