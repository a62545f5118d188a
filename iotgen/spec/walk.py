"""A walk through a spec and its schema, which pairs each node with its description."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from iotgen.problem import Path

Schema = Mapping[str, Any]


def walk(data: Any, schema: Schema) -> Iterator[tuple[Path, Any, Schema]]:
    """The path, value and description of each node that the schema describes; `data` may be invalid."""
    yield from _walk(data, schema, schema, ())


def _walk(value: Any, written: Schema, root: Schema, path: Path) -> Iterator[tuple[Path, Any, Schema]]:
    node = resolved(written, root)
    yield path, value, node
    yield from _inside(value, node, root, path)


def _inside(value: Any, node: Schema, root: Schema, path: Path) -> Iterator[tuple[Path, Any, Schema]]:
    """What the description of a value, and the branches that it chooses, have of its entries."""
    for key, inner, below in children(value, node):
        yield from _walk(inner, below, root, (*path, key))
    for branch in chosen(value, node):
        yield from _inside(value, resolved(branch, root), root, path)


def children(value: Any, node: Schema) -> Iterator[tuple[str | int, Any, Schema]]:
    """Key, value and description of each known entry of a mapping or a list."""
    if isinstance(value, dict):
        settings, rest = node.get("properties", {}), node.get("additionalProperties")
        for key, inner in value.items():
            below = settings.get(key, rest)
            if isinstance(below, dict):
                yield key, inner, below
    elif isinstance(value, list) and isinstance(node.get("items"), dict):
        for index, inner in enumerate(value):
            yield index, inner, node["items"]


def chosen(value: Any, node: Schema) -> Iterator[Schema]:
    """The branches of the `if` of a node, and of those in its `allOf`, that also describe `value`."""
    for one in (node, *node.get("allOf", ())):
        if "if" in one and (branch := one.get("then" if _is(value, one["if"]) else "else")):
            yield branch


def _is(value: Any, condition: Schema) -> bool:
    """Whether a condition holds; most are that a mapping has a setting, for which no validator is needed."""
    if set(condition) == {"required"} and isinstance(value, dict):
        return all(name in value for name in condition["required"])
    return Draft202012Validator(condition).is_valid(value)


def resolved(node: Schema, root: Schema) -> Schema:
    """A node of the schema merged with its `$ref`; its own keywords come first."""
    name = node.get("$ref")
    return {**resolved(root["$defs"][name.removeprefix("#/$defs/")], root), **node} if name else node
