"""Losses that only a new key makes: what a plan destroys under one key and creates alike under another.

A name on AWS does not change, so another key makes another, empty resource. With `renamed_from` the resource
keeps its name, and Terraform moves it to the new address.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from iotgen.guard.held import Held
from iotgen.kinds import KINDS
from iotgen.model.change import Attributes
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.problem import Path
from iotgen.terraform.plan import Action, Change

_KINDS = {kind.address: kind for kind in KINDS if kind.renamable}
# What tells resources of a kind apart: names, and what AWS makes of them.
_NAMES = frozenset({"id", "arn", "name", "name_prefix", "bucket", "bucket_prefix", "url"})


@dataclass(frozen=True)
class Move:
    """A resource that `old` was the key of, and that `key` seems to be the new one of.

    `others` are further keys that it may be. `former` are all its earlier keys, oldest first, for the setting
    `renamed_from`. `path` leads to the resource in the spec, `name` is its name on AWS.
    """

    old: str
    key: str
    others: tuple[str, ...]
    former: tuple[str, ...]
    path: Path
    name: str

    @property
    def setting(self) -> str:
        """The text to put into the spec."""
        return f"{self.path[0]}:\n  {self.key}:\n    renamed_from: [{', '.join(self.former)}]"


def moves(all_held: Iterable[Held], changes: Iterable[Change], pipeline: Pipeline) -> tuple[Move, ...]:
    """What is lost although it holds something, and `renamed_from` would keep."""
    changed = {change.address: change for change in changes if change.type in _KINDS}
    lost = [held.loss.change for held in all_held if not held.amount.empty]
    found = [move for change in lost for move in _moves(change, changed, pipeline)]
    # A queue and its dead-letter queue are one resource of the spec.
    return tuple({move.path: move for move in found}.values())


def _moves(lost: Change, changed: Mapping[str, Change], pipeline: Pipeline) -> Iterator[Move]:
    kind = _KINDS.get(lost.type)
    if kind is None or lost.address != f"{lost.type}.{lost.label}":
        return
    resources = kind.of(pipeline)
    for change in changed.values():
        if change.type == lost.type and lost.label.startswith(change.label):
            ending = lost.label.removeprefix(change.label)
            also = [one for one in resources if f"{lost.type}.{one.label}{ending}" in changed]
            if move := _move(change, changed, also, kind):
                yield move


def _move(
    change: Change, changed: Mapping[str, Change], resources: list[Resource], kind: AnyKind
) -> Move | None:
    by_address = {f"{kind.address}.{one.label}": one for one in resources}
    if change.action is Action.REPLACE and (own := by_address.get(change.address)):
        first = _first_key(change, change, own)
        named_anew = _name(change.before) != _name(change.after)
        return _renamed(change, first, [own], kind) if first and named_anew else None
    if change.action is not Action.DESTROY:
        return None
    like = [
        (new, one)
        for address, one in by_address.items()
        if (new := changed.get(address)) and new.action is Action.CREATE and _alike(change, new, one)
    ]
    if not like:
        return None
    # The likeliest first: settings alone say little of a bucket.
    like.sort(key=lambda found: -SequenceMatcher(None, _key(change.label), found[1].key).ratio())
    first = _first_key(change, like[0][0], like[0][1])
    return _renamed(change, first or "", [one for _, one in like], kind)


def _renamed(change: Change, first: str, like: list[Resource], kind: AnyKind) -> Move:
    found, *others = like
    replaced = change.action is Action.REPLACE
    keys = (first, *map(_key, found.former), first if replaced else _key(change.label))
    return Move(
        old=keys[-1],
        key=found.key,
        others=tuple(one.key for one in others),
        former=tuple(dict.fromkeys(filter(None, keys))),
        path=(kind.section, found.key),
        name=_name(change.before),
    )


def _key(label: str) -> str:
    return label.replace("_", "-")


def _name(attributes: Attributes | None) -> str:
    """The name on AWS."""
    return str((attributes or {}).get("bucket") or (attributes or {}).get("name") or "")


def _maker(resource: Resource) -> str:
    """The key that makes a resource's name."""
    return _key(resource.former[0]) if resource.former else resource.key


def _first_key(gone: Change, new: Change, resource: Resource) -> str | None:
    """The key that makes the deployed name; empty if the spec has the name, None if nothing makes it."""
    was, will = _name(gone.before), _name(new.after)
    if not will.startswith(_maker(resource)):
        return "" if was == will else None
    ending = will.removeprefix(_maker(resource))
    return was.removesuffix(ending) if was.endswith(ending) else None


def _alike(gone: Change, new: Change, resource: Resource) -> bool:
    """Whether a new resource can have a deployed one's name, and has its settings, apart from defaults."""
    first = _first_key(gone, new, resource)
    if first is None:
        return False
    before, after = gone.before or {}, new.after or {}
    old = "|".join(map(re.escape, filter(None, (first, _key(gone.label)))))
    whole = re.compile(rf"(?<![A-Za-z0-9])({old})(?![A-Za-z0-9])")

    def renamed(text: str) -> str:
        return whole.sub(_maker(resource), text)

    unknown = new.after_unknown if isinstance(new.after_unknown, dict) else {}
    known = [name for name in after if name not in _NAMES and not _has_unknown(unknown.get(name))]
    return all(_same(before.get(name), after[name], renamed) for name in known)


def _has_unknown(node: Any) -> bool:
    """Whether a part of a value is known after the apply only."""
    if isinstance(node, dict | list):
        return any(map(_has_unknown, node.values() if isinstance(node, dict) else node))
    return bool(node)


def _same(before: Any, after: Any, renamed: Callable[[str], str]) -> bool:
    before, after = _parsed(before), _parsed(after)
    # What is not set is null in a plan, and has AWS's default in a state.
    if _is_empty(after):
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return all(_same(before.get(key), after.get(key), renamed) for key in before.keys() | after.keys())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _same(one, other, renamed) for one, other in zip(before, after, strict=True)
        )
    if isinstance(before, str) and isinstance(after, str):
        return after in (before, renamed(before))
    return bool(before == after)


def _is_empty(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_is_empty, value.values() if isinstance(value, dict) else value))
    return not value


def _parsed(value: Any) -> Any:
    """The policies of a queue are texts in JSON."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
