"""The settings that a spec omits, from the schema's defaults, which are defined nowhere else."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from iotgen.problem import Path
from iotgen.spec.walk import Schema, children, chosen, resolved


def fill(data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """`data`, which is valid by `schema`, with the default of each omitted setting.

    A section that `startsFrom` settings of `defaults` takes those before the schema's own.
    """
    filled: dict[str, Any] = _filled(_started(data, schema), schema, schema)
    return filled


def _started(data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """`data` with the `defaults` of each kind merged into its resources."""
    defaults = data.get("defaults") or {}
    kinds = {
        section: defaults[node["startsFrom"]]
        for section, node in schema["properties"].items()
        if node.get("startsFrom") in defaults and section in data
    }
    started = {
        section: {
            key: _with_shared(settings, starting(section, settings, shared, schema), merging(section, schema))
            for key, settings in data[section].items()
        }
        for section, shared in kinds.items()
    }
    return {**data, **started}


def starting(
    section: str, settings: Mapping[str, Any], shared: Mapping[str, Any], schema: Schema
) -> dict[str, Any]:
    """Those of the settings `shared` by a section that do not give way to what a resource of it has."""
    known = _shared_settings(section, schema)
    return {
        name: value
        for name, value in shared.items()
        if not any(other in settings for other in known.get(name, {}).get("givesWayTo", ()))
    }


def written_at(data: Mapping[str, Any], path: Path, schema: Schema) -> Path | None:
    """The path of what decides the value at `path`: its own, or in the `defaults` of its kind.

    None if the schema's default decides.
    """
    candidates = (path, _shared_path(data, path, schema))
    return next((one for one in candidates if one and holds(data, one)), None)


def _shared_path(data: Mapping[str, Any], path: Path, schema: Schema) -> Path | None:
    """The path in `defaults` that a resource's setting starts from."""
    section = schema["properties"].get(path[0], {}) if len(path) > 2 else {}
    kind: str | None = section.get("startsFrom")
    if kind is None:
        return None
    # A setting that the resource has itself replaces the shared one as a whole, unless they merge.
    if holds(data, path[:3]) and path[2] not in merging(str(path[0]), schema):
        return None
    steps = tuple(_shared_step(data, path[: end + 1]) for end in range(2, len(path)))
    within = all(isinstance(step, str) or step >= 0 for step in steps)
    return ("defaults", kind, *steps) if within else None


def _shared_step(data: Mapping[str, Any], path: Path) -> str | int:
    """The last step of a path as the defaults have it: their lists follow the resource's own."""
    parent, step = path[:-1], path[-1]
    return step - len(at(data, parent)) if isinstance(step, int) and holds(data, parent) else step


def at(data: Any, path: Path) -> Any:
    """The value at a path; KeyError or IndexError if there is none."""
    for step in path:
        data = data[step]
    return data


def holds(data: Any, path: Path) -> bool:
    """Whether there is a value at a path."""
    try:
        at(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def merging(section: str, schema: Schema) -> Mapping[str, int]:
    """The settings that the resources of a section add to those of `defaults`, rather than replace them.

    Each with the number of levels of mappings that are one; below them, a resource's own replace the shared,
    but for lists, which follow its own.
    """
    settings = _shared_settings(section, schema).items()
    return {name: setting["merges"] for name, setting in settings if "merges" in setting}


def _shared_settings(section: str, schema: Schema) -> dict[str, Schema]:
    """The descriptions of the settings of `defaults` that the resources of a section start from."""
    kind = schema["properties"].get(section, {}).get("startsFrom")
    if kind is None:
        return {}
    shared = resolved(resolved(schema["properties"]["defaults"], schema)["properties"][kind], schema)
    return {name: resolved(setting, schema) for name, setting in shared["properties"].items()}


def _with_shared(
    settings: Mapping[str, Any], shared: Mapping[str, Any], merged: Mapping[str, int]
) -> dict[str, Any]:
    both = merged.keys() & shared.keys() & settings.keys()
    return {
        **shared,
        **settings,
        **{name: _merged(settings[name], shared[name], merged[name]) for name in both},
    }


def _merged(own: Any, shared: Any, levels: int) -> Any:
    if levels and isinstance(own, Mapping):
        both = own.keys() & shared.keys()
        return {**shared, **own, **{name: _merged(own[name], shared[name], levels - 1) for name in both}}
    return [*own, *(one for one in shared if one not in own)] if levels and isinstance(own, list) else own


def _filled(value: Any, written: Schema, root: Schema) -> Any:
    node = resolved(written, root)
    branches = tuple(chosen(value, node))
    if isinstance(value, dict) and not any("unchanged" in branch for branch in branches):
        value = _with_missing(value, node, root)
    if isinstance(value, dict | list):
        inner = {key: _filled(below, described, root) for key, below, described in children(value, node)}
        value = _replaced(value, inner)
    for branch in branches:
        value = _filled(value, branch, root)
    return value


def _with_missing(value: Mapping[str, Any], node: Schema, root: Schema) -> dict[str, Any]:
    settings = {name: resolved(setting, root) for name, setting in node.get("properties", {}).items()}
    missing = {
        name: deepcopy(setting["default"])
        for name, setting in settings.items()
        if "default" in setting and name not in value
    }
    return {**value, **missing}


def _replaced(value: Any, inner: Mapping[str | int, Any]) -> Any:
    """A copy of a mapping or list with the `inner` values replaced."""
    if isinstance(value, dict):
        return {**value, **inner}
    return [inner.get(index, item) for index, item in enumerate(value)]
