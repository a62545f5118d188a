"""Validation of parameters' values against the JSON Schemas that the spec names for them."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError, relevance
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from iotgen.kinds.parameters.parameter import SECTION
from iotgen.problem import Finding, Path, Problem
from iotgen.spec.document import Document, pointer
from iotgen.spec.faults import SchemaFinding, faults_of
from iotgen.spec.strict_json import read_json
from iotgen.spec.validate import spelt


def value_problems(document: Document, texts: Mapping[str, str | None]) -> Iterator[Problem]:
    """A problem for each value in a valid `document` that violates its schema.

    `texts` has the files of the project. A rule reports a missing or invalid schema.
    """
    for key, settings in (document.data.get(SECTION) or {}).items():
        if isinstance(settings.get("value"), bool | int | float):
            yield from _rewritten(document, (SECTION, key, "value"))
        validator = _validator(texts.get(settings.get("schema", "")) or "")
        if validator is not None and "value" in settings:
            yield from _problems(document, (SECTION, key, "value"), validator)


def _rewritten(document: Document, path: Path) -> Iterator[Problem]:
    """A number or a boolean that the parameter would store in another notation."""
    place = document.values.get(path)
    if place and place.text:
        value = json.dumps(_at(document.data, path))
        message = f"the parameter would hold `{value}`, not `{place.text}` as written"
        hint = f'Write `{value}`, or `"{place.text}"` for a text.'
        yield document.problem(Finding(path, message, hint, code="IOT004"))


def schema_fault(text: str) -> tuple[Path, str] | None:
    """Path and value of the first fault of a JSON object as a schema, by the draft that it names."""
    schema = read_json(text)
    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        value = json.dumps(error.instance, ensure_ascii=False)
        return tuple(error.absolute_path), value if len(value) <= 60 else value[:57] + "..."
    return None


@lru_cache(maxsize=256)  # each environment checks the same files
def _validator(text: str) -> Any:
    """The validator of a schema; None for a text that is not a schema."""
    try:
        schema = read_json(text)
        if not isinstance(schema, dict) or schema_fault(text):
            return None
    except (ValueError, RecursionError):
        return None
    # An empty registry, so that references to other files or sites are not followed.
    return validator_for(schema, default=Draft202012Validator)(schema, registry=Registry())


def broken_rule(text: str, schema: str) -> str:
    """The pointer of the first rule of a schema that a parameter's `text` breaks, without a word of it.

    Empty where the text is valid, or the schema is not.
    """
    validator = _validator(schema)
    if validator is None:
        return ""
    content = _json(text)
    errors = [_first_error(validator, value) for value in (text, content) if value is not None]
    return pointer(tuple(errors[-1].absolute_schema_path)) if all(errors) and errors[-1] else ""


def _first_error(validator: Any, value: Any) -> ValidationError | None:
    try:
        return next(iter(validator.iter_errors(value)), None)
    except (Unresolvable, RecursionError):  # as for the values of a spec
        return None


def _problems(document: Document, path: Path, validator: Any) -> tuple[Problem, ...]:
    def find(data: Any) -> list[SchemaFinding]:
        value = _at(data, path)
        faults = _faults(value, path, validator)
        if faults and isinstance(value, str) and (content := _json(value)) is not None:
            faults = _faults(content, path, validator)
            return [SchemaFinding(path, fault.message, fault.hint, code=fault.code) for fault in faults]
        return faults

    return spelt(document, find)[1]


def _faults(value: Any, path: Path, validator: Any) -> list[SchemaFinding]:
    try:
        errors = [_nearest(error) for error in validator.iter_errors(value)]
    except (Unresolvable, RecursionError):  # a reference to nothing, or to itself
        return []
    return [fault for error in errors for fault in faults_of(error, path, titled=False)]


def _nearest(error: ValidationError) -> ValidationError:
    """If all alternatives fail, the error of the nearest one, if one is nearer than the others."""
    while error.validator in ("anyOf", "oneOf") and error.context:
        first, *others = sorted(error.context, key=relevance)
        if others and relevance(first) == relevance(others[0]):
            break
        error = first
    return error


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _json(text: str) -> Any:
    """The JSON data in a text, as a handler would read it; None if it is not JSON."""
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return None
