"""The schema as an editor wants it: with the names that a spec declares, so that they complete.

The names are offered, and others are accepted: the file is older than what is just being declared. An unknown
name is what `check` reports.
"""

import copy
from collections.abc import Mapping
from typing import Any

# The settings that name a resource, as definition and property, and the section of the names.
_REFERENCES = (
    ("functionLayers", "layers"),
    ("queueTrigger/queue", "queues"),
    ("bucketTrigger/bucket", "buckets"),
    ("endpoint/function", "functions"),
    ("alarms/notify", "topics"),
    ("metricAlarm/function", "functions"),
)


def editor_schema(schema: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """The `schema` with the names in a spec's `data` as the values, and the keys, that can be chosen."""
    adapted: dict[str, Any] = copy.deepcopy(dict(schema))
    definitions = adapted["$defs"]
    for where, section in _REFERENCES:
        if names := _names(data, section):
            _choose(_at(definitions, where), names)
    for section, access in definitions["access"]["properties"].items():
        if names := _names(data, section):
            _keyed(access, names)
    if names := _names(data, "functions"):
        _keyed(definitions["alarms"]["properties"]["silence"], names)
    return adapted


def _keyed(mapping: dict[str, Any], names: list[str]) -> None:
    mapping["properties"] = dict.fromkeys(names, mapping["additionalProperties"])


def _names(data: Any, section: str) -> list[str]:
    found = data.get(section) if isinstance(data, dict) else None
    return list(found) if isinstance(found, dict) else []


def _at(definitions: dict[str, Any], where: str) -> dict[str, Any]:
    name, _, setting = where.partition("/")
    found: dict[str, Any] = definitions[name]
    inside: dict[str, Any] = found["properties"][setting] if setting else found["items"]
    return inside


def _choose(setting: dict[str, Any], names: list[str]) -> None:
    setting.pop("examples", None)
    kept = dict(setting)
    setting.clear()
    setting["anyOf"] = [{"enum": names}, kept]
    if "description" in kept:
        setting["description"] = kept.pop("description")
