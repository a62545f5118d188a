"""A value that a JSON Schema takes: the smallest, from its own examples where it has some."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for
from referencing.exceptions import Unresolvable

# Tried one after the other where a text has a pattern or a format.
_TEXTS = (
    *("sample", "sample-1", "1", "a", "A1", "2024-01-15T10:00:00Z", "2024-01-15", "sample@example.com"),
    *("https://example.com/", "123e4567-e89b-12d3-a456-426614174000", "192.0.2.1"),
)
_NUMBERS = (1, 0, 20, 100, 1000, 0.5, -1)
_DEEPEST = 20
_NONE = object()

Schema = Mapping[str, Any]


def instance_of(text: str) -> Any:
    """A value that the schema in `text` takes; ValueError where none is found."""
    try:
        schema = json.loads(text)
        kind = validator_for(schema, default=Draft202012Validator)
        kind.check_schema(schema)
        found = _Finder(schema, kind).first(schema)
    except SchemaError as error:
        raise ValueError(error.message) from error
    except RecursionError as error:
        raise ValueError("it refers to itself without an end") from error
    except Unresolvable as error:
        raise ValueError(f"it refers to `{error.ref}`, which is not in it") from error
    if found is _NONE:
        raise ValueError("no value was found that it takes")
    return found


class _Finder:
    """Looks for values of a schema and its parts."""

    def __init__(self, whole: Schema, kind: Any) -> None:
        self._whole = whole
        self._kind = kind

    def first(self, schema: Any, depth: int = 0) -> Any:
        """The first candidate that the schema takes, `_NONE` if none does."""
        if depth > _DEEPEST:
            return _NONE
        validator = self._kind(self._whole).evolve(schema=schema)
        found = (value for value in self._candidates(schema, depth) if validator.is_valid(value))
        return next(found, _NONE)

    def _candidates(self, schema: Any, depth: int) -> Iterator[Any]:
        if not isinstance(schema, Mapping):
            yield from ("sample",) if schema else ()
            return
        schema = self._resolved(schema)
        yield from (schema[name] for name in ("const", "default", "example") if name in schema)
        yield from (*schema.get("examples", ()), *schema.get("enum", ()))
        for name in ("oneOf", "anyOf", "allOf"):
            for part in schema.get(name, ()):
                yield from (value for value in (self.first(part, depth + 1),) if value is not _NONE)
        types = schema.get("type", "object" if "properties" in schema else _TYPES)
        for one in [types] if isinstance(types, str) else types:
            yield from self._of_type(one, schema, depth)

    def _of_type(self, name: str, schema: Schema, depth: int) -> Iterator[Any]:
        if name == "object":
            yield self._object(schema, depth)
        elif name == "array":
            yield self._array(schema, depth)
        elif name == "string":
            least = schema.get("minLength", 0)
            yield from (*_TEXTS, "sample".ljust(least, "x"))
        elif name in ("number", "integer"):
            yield from (*(schema[key] for key in ("minimum", "maximum") if key in schema), *_NUMBERS)
        elif name == "boolean":
            yield from (True, False)
        else:
            yield None

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """What is required, and as much of the rest as there has to be."""
        made: dict[str, Any] = {}
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        for name in (*required, *properties):
            if name in required or len(made) < schema.get("minProperties", 0):
                value = self.first(properties.get(name, True), depth + 1)
                if value is not _NONE:
                    made[name] = value
        return made

    def _array(self, schema: Schema, depth: int) -> list[Any]:
        item = self.first(schema.get("items", True), depth + 1)
        return [] if item is _NONE else [item] * max(1, schema.get("minItems", 1))

    def _resolved(self, schema: Schema) -> Schema:
        """The schema that a reference within the document leads to; itself if it is none."""
        reference = schema.get("$ref", "")
        if not str(reference).startswith("#/"):
            return schema
        here: Any = self._whole
        for part in str(reference)[2:].split("/"):
            here = (
                here.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(here, Mapping) else {}
            )
        return here if isinstance(here, Mapping) else {}


_TYPES = ("object", "string", "number", "boolean", "array", "null")
