"""The schema for editors: with the names that a spec declares, so that editors complete them.

Other names are accepted as well, since the file may be older than a new declaration. `check` reports unknown
names.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any


def editor_schema(schema: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """The `schema` with the names in a spec's `data` as choices for values and keys.

    `refersTo` in the schema is the section whose resource a value names; `keysReferTo` is that of the keys.
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
    declared = data.get(section) if isinstance(data, dict) and section else None
    return list(declared) if isinstance(declared, dict) else []


def _choose(setting: dict[str, Any], names: list[str]) -> None:
    setting.pop("examples", None)
    kept = dict(setting)
    setting.clear()
    setting["anyOf"] = [{"enum": names}, kept]
    if "description" in kept:
        setting["description"] = kept.pop("description")
