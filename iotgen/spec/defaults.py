"""What a spec leaves out, from the schema's defaults: the one place that says what they are."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]


def fill(data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """`data`, which is sound by `schema`, with each setting that has a default.

    A section that `startsFrom` settings of `defaults` takes those before the schema's own.
    """
    filled: dict[str, Any] = _filled(_started(data, schema), schema, schema)
    return filled


def _started(data: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """`data` with the resources that begin with what `defaults` has for their kind."""
    defaults = data.get("defaults") or {}
    kinds = {
        section: defaults[node["startsFrom"]]
        for section, node in schema["properties"].items()
        if node.get("startsFrom") in defaults and section in data
    }
    started = {
        section: {key: {**shared, **settings} for key, settings in data[section].items()}
        for section, shared in kinds.items()
    }
    return {**data, **started}


def _filled(node: Any, written: Schema, root: Schema) -> Any:
    schema = _resolved(written, root)
    match node:
        case dict():
            whole: Any = _with_settings(node, schema, root)
        case list():
            whole = [_filled(item, schema.get("items", {}), root) for item in node]
        case _:
            return node
    if "if" in schema:
        holds = Draft202012Validator(schema["if"]).is_valid(node)
        whole = _filled(whole, schema.get("then" if holds else "else", {}), root)
    return whole


def _with_settings(node: Mapping[str, Any], schema: Schema, root: Schema) -> dict[str, Any]:
    settings = schema.get("properties", {})
    others = schema.get("additionalProperties")
    rest = others if isinstance(others, dict) else {}
    missing = {
        name: deepcopy(_resolved(setting, root)["default"])
        for name, setting in settings.items()
        if name not in node and "default" in _resolved(setting, root)
    }
    return {
        name: _filled(value, settings.get(name, rest), root) for name, value in {**node, **missing}.items()
    }


def _resolved(node: Schema, root: Schema) -> Schema:
    """A node of the schema with what it refers to; its own words come first."""
    name = node.get("$ref")
    return {**_resolved(root["$defs"][name.removeprefix("#/$defs/")], root), **node} if name else node
