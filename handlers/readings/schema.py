"""The JSON Schemas beside the handlers, compiled once; the same file is API Gateway's request model."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

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
    _check("readings.json", "reading", "a reading", value)


def fill_config(value: Any) -> dict[str, Any]:
    """Hold a value against the configuration's schema and fill in its defaults; raise MismatchError."""
    filled: dict[str, Any] = _check("config.json", None, "the configuration", value)
    return filled


def _check(file: str, definition: str | None, subject: str, value: Any) -> Any:
    try:
        return _compiled(file, definition)(value)
    except fastjsonschema.JsonSchemaValueException as error:
        raise MismatchError(*_explain(error, subject)) from None


@cache
def _compiled(file: str, definition: str | None) -> Callable[[Any], Any]:
    document = json.loads((_FOLDER / file).read_bytes())
    if definition:
        document = {
            "$schema": document["$schema"],
            "definitions": document["definitions"],
            "$ref": f"#/definitions/{definition}",
        }
    compiled: Callable[[Any], Any] = fastjsonschema.compile(document)
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
