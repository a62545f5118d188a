"""The settings that a spec omits, from the schema's defaults, which are defined nowhere else."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

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


def merging(section: str, schema: Schema) -> frozenset[str]:
    """The settings that the resources of a section add to those of `defaults`, rather than replace them."""
    return frozenset(
        name for name, setting in _shared_settings(section, schema).items() if setting.get("merges")
    )


def _shared_settings(section: str, schema: Schema) -> dict[str, Schema]:
    """The descriptions of the settings of `defaults` that the resources of a section start from."""
    kind = schema["properties"].get(section, {}).get("startsFrom")
    if kind is None:
        return {}
    shared = resolved(resolved(schema["properties"]["defaults"], schema)["properties"][kind], schema)
    return {name: resolved(setting, schema) for name, setting in shared["properties"].items()}


def _with_shared(
    settings: Mapping[str, Any], shared: Mapping[str, Any], merged: frozenset[str]
) -> dict[str, Any]:
    both = merged & shared.keys() & settings.keys()
    return {**shared, **settings, **{name: {**shared[name], **settings[name]} for name in both}}


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
