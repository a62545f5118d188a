"""The spec's JSON Schema (2020-12)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("schema.json")


@cache
def schema() -> dict[str, Any]:
    """The schema as data.

    In the file `exactlyOneOf` has the settings of which one must be there and no other, and `moreExplained`
    what is said of another. JSON Schema has no word of its own that says so at the place of the other.
    """
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    for definition in loaded["$defs"].values():
        if "exactlyOneOf" in definition:
            _spell_out(definition)
    return loaded


def _spell_out(definition: dict[str, Any]) -> None:
    """Put what JSON Schema knows in the place of `exactlyOneOf`; `else` says what to do without any."""
    names, explained = definition.pop("exactlyOneOf"), definition.pop("moreExplained")
    refused = {"not": {}, "notExplained": explained}
    definition["if"] = {"anyOf": [{"required": [name]} for name in names]}
    definition["then"]["allOf"][:0] = [
        {"if": {"required": [name]}, "then": {"properties": dict.fromkeys(names[place:], refused)}}
        for place, name in enumerate(names[:-1], start=1)
    ]
