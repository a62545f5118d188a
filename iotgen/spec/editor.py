"""The schema as an editor wants it: with the names that a spec declares, so that they complete.

The names are offered, and others are accepted: the file is older than what is just being declared. An unknown
name is what `check` reports.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any


def editor_schema(schema: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """The `schema` with the names in a spec's `data` as the values, and the keys, that can be chosen.

    `refersTo` in the schema says which section a value names a resource of, and `keysReferTo` what keys do.
    """
    adapted: dict[str, Any] = copy.deepcopy(dict(schema))
    for node in list(_nodes(adapted)):
        if names := _names(data, node.get("refersTo")):
            _choose(node, names)
        if names := _names(data, node.get("keysReferTo")):
            node["properties"] = dict.fromkeys(names, node["additionalProperties"])
    return adapted


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(inner)


def _names(data: Any, section: str | None) -> list[str]:
    found = data.get(section) if isinstance(data, dict) and section else None
    return list(found) if isinstance(found, dict) else []


def _choose(setting: dict[str, Any], names: list[str]) -> None:
    setting.pop("examples", None)
    kept = dict(setting)
    setting.clear()
    setting["anyOf"] = [{"enum": names}, kept]
    if "description" in kept:
        setting["description"] = kept.pop("description")
