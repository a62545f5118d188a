"""The settings of a resource, each with what decides it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.derived import Derived
from iotgen.problem import Path
from iotgen.show.description import Origin, Setting, Source
from iotgen.show.flow import flow
from iotgen.show.spec import Spec, is_overlaid
from iotgen.spec.schema import schema
from iotgen.spec.walk import chosen, resolved, walk

# A mapping or list of one origin is one setting up to this length.
_LONGEST = 48


def settings_of(spec: Spec, path: Path, derived: Mapping[Path, Derived]) -> Iterator[Setting]:
    """The settings at a path and below, the unset ones last."""
    if not isinstance(spec.value(path), dict):  # the setting is the resource: a silence alarm's minutes
        yield Setting(str(path[-2]), spec.value(path), origin_of(spec, path))
        return
    order = [*_properties(spec, path)]
    written = [*_written(spec, path, path)]
    yield from sorted(written, key=lambda setting: order.index(_first(setting.name)))
    shown = [one for one in derived.values() if one.path[: len(path)] == path and not spec.has(one.path)]
    for one in shown:
        yield Setting(_name(path, one.path), one.value, Origin(Source.DERIVED, text=one.source))
    known = {one.path[len(path)] for one in shown}
    for name in order:
        if name not in known and name not in spec.value(path):
            yield Setting(name, None, Origin(Source.UNSET))


def _written(spec: Spec, path: Path, root: Path) -> Iterator[Setting]:
    value = spec.value(path)
    if path != root and (origin := _only_origin(spec, path, value)):
        yield Setting(_name(root, path), value, origin)
        return
    for step in value if isinstance(value, dict) else range(len(value)):
        yield from _written(spec, (*path, step), root)


def _only_origin(spec: Spec, path: Path, value: Any) -> Origin | None:
    """The origin of a value; None for a mapping or list that is to be shown in parts."""
    if not isinstance(value, dict | list) or not value:
        return origin_of(spec, path)
    origins = {origin_of(spec, leaf) for leaf in _leaves(value, path)}
    if _is_plain(value) and len({one.source for one in origins}) == 1:
        return origin_of(spec, path)
    whole = len(origins) == 1 and len(flow(value)) <= _LONGEST
    return origin_of(spec, path) if whole else None


def _is_plain(value: Any) -> bool:
    """Whether it is a list of single values."""
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not inner:
        yield path
    for step, below in inner:
        yield from _leaves(below, (*path, step))


def origin_of(spec: Spec, path: Path) -> Origin:
    """What decides the value at a path."""
    written = spec.written(path)
    if written is None:
        return Origin(Source.SCHEMA)
    place = spec.place(written)
    if is_overlaid(place):
        return Origin(Source.OVERLAY, place.line, _dotted(place.path[:-1]))
    if written != path:
        return Origin(Source.DEFAULTS, place.line, _dotted(place.path[:-1]))
    return Origin(Source.SPEC, place.line)


def _properties(spec: Spec, path: Path) -> Iterator[str]:
    """The settings that the schema has at a path, in its order."""
    value = spec.value(path)
    node = next((node for there, _, node in walk(spec.filled, schema()) if there == path), {})
    described = (node, *(resolved(branch, schema()) for branch in chosen(value, node)))
    names = [name for one in described for name in one.get("properties", {})]
    yield from dict.fromkeys([*names, *value])


def _first(name: str) -> str:
    """The first part of a dotted name: the setting of the resource."""
    return re.split(r"[.\[]", name, maxsplit=1)[0]


def _name(root: Path, path: Path) -> str:
    return _dotted(path[len(root) :])


def _dotted(path: Path) -> str:
    """A path in words: `triggers[0].queue`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
