"""The JSON Schemas beside the handlers; the same file is API Gateway's request model.

They are compiled while Lambda loads the function, which has a whole CPU then: no reading waits for it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema

Compiled = Callable[[Any], Any]

_FOLDER = Path(__file__).parent.parent / "schemas"
_LONGEST = 300


class MismatchError(ValueError):
    """A value that its schema does not allow: the field's path, and a reason for the client."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason[:_LONGEST])
        self.field = field
        self.reason = reason[:_LONGEST]


def check_reading(value: Any) -> None:
    """Hold a value against the schema of one reading; raise MismatchError."""
    _check(_READING, "a reading", value)


def fill_config(value: Any) -> dict[str, Any]:
    """Hold a value against the configuration's schema and fill in its defaults; raise MismatchError."""
    filled: dict[str, Any] = _check(_CONFIG, "the configuration", value)
    return filled


def _check(compiled: Compiled, subject: str, value: Any) -> Any:
    try:
        return compiled(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise MismatchError(*_explain(error, subject)) from None


def _compile(file: str, definition: str | None = None) -> Compiled:
    document = json.loads((_FOLDER / file).read_bytes())
    if definition:
        document = {
            "$schema": document["$schema"],
            "definitions": document["definitions"],
            "$ref": f"#/definitions/{definition}",
        }
    compiled: Compiled = fastjsonschema.compile(document)
    return compiled


def _explain(error: fastjsonschema.JsonSchemaValueException, subject: str) -> tuple[str, str]:
    field = (error.name or "").removeprefix("data").removeprefix(".")
    subject = field or subject
    if error.rule == "required":
        missing = [name for name in error.definition["required"] if name not in error.value]
        return field, f"{subject} must have {' and '.join(missing)}"
    if error.rule == "pattern" and "description" in error.definition:
        return field, f"{subject} must be {error.definition['description']}"
    if error.rule == "not":
        return field, f"{subject} is not free: the pipeline uses this name itself"
    return field, subject + error.message.removeprefix(error.name or "")


_READING = _compile("readings.json", "reading")
_CONFIG = _compile("config.json")
