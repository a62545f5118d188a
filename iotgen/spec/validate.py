"""Validation by the JSON Schema: one problem for each fault, at its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from iotgen.problem import Path, Problem
from iotgen.spec.document import Document, Place
from iotgen.spec.faults import SchemaFinding, faults_of
from iotgen.spec.schema import schema

# Later stages use these if the spec's own are invalid, so that a fault in them hides no other.
_STAND_INS = {"version": 1, "pipeline": "pipeline"}


def validate(document: Document) -> tuple[Document, tuple[Problem, ...]]:
    """Validate `document` against the schema; return its valid part, and the problems.

    A misspelt key is read as the key that it stands for, so that nothing seems to be missing. Other
    invalid parts are removed from the data, so that later stages can check the rest in the same run.
    """
    document, problems, faults = spelt(document, _all_faults)
    data = document.data
    while faults and data is not None:
        data = _sound(data, faults)
        faults = _all_faults(data)
    return replace(document, data=data), problems


def spelt(
    document: Document, find: Callable[[Any], list[SchemaFinding]]
) -> tuple[Document, tuple[Problem, ...], list[SchemaFinding]]:
    """The document with misspelt keys corrected, the problems, and the faults that are left in it."""
    problems: list[Problem] = []
    faults = find(document.data)
    while misspelt := {fault.path: fault.meant for fault in faults if fault.meant}:
        problems += [_problem(document, fault) for fault in faults if fault.meant]
        document = _respelt(document, misspelt)
        faults = find(document.data)
    return document, (*problems, *(_problem(document, fault) for fault in faults)), faults


def _sound(data: Any, faults: list[SchemaFinding]) -> Any:
    """`data` without its invalid parts, and with stand-ins for required settings."""
    if not isinstance(data, dict):
        return None
    return _STAND_INS | _without(data, frozenset(fault.path for fault in faults if fault.path))


def _ends_pattern(
    _validator: object, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """Patterns by JSON Schema: `$` is the end, while in Python a line break may follow it."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _ends_pattern}
)


def _all_faults(data: Any) -> list[SchemaFinding]:
    faults = [fault for error in _Validator(schema()).iter_errors(data) for fault in faults_of(error)]
    # A key such as `GET /a` is itself the endpoint that lacks a method.
    replaced = {
        (fault.path if fault.code == "IOT105" else fault.path[:-1], name)
        for fault in faults
        for name in fault.instead
    }
    unknown = {fault.path for fault in faults if not fault.known}
    several = {fault.path for fault in faults if fault.several}
    # An endpoint's `dynamodb` is what stands for its target, and what there is instead is in the hint.
    unclear = {fault.path[:-1] for fault in faults if fault.code == "IOT101" and not fault.meant}
    return [
        fault
        for fault in faults
        if (fault.path, fault.lacking) not in replaced
        and not (fault.known and fault.path in unknown)
        and not (fault.code == "IOT102" and not fault.several and fault.path in several)
        and not (fault.open and fault.path in unclear)
    ]


def _problem(document: Document, fault: SchemaFinding) -> Problem:
    message, hint = fault.message, fault.hint
    if fault.shown:
        written = document.place(fault.path).text or fault.shown
        message = message.removesuffix(fault.shown) + written
        hint = f'Write it in quotes: `"{written}"`.'
    return document.problem(replace(fault, message=message, hint=hint))


def _respelt(document: Document, misspelt: Mapping[Path, str]) -> Document:
    """The document with each key at a path of `misspelt` renamed; the places stay."""

    def corrected(path: Path) -> Path:
        return tuple(misspelt.get(path[: depth + 1], step) for depth, step in enumerate(path))

    def moved(places: Mapping[Path, Place]) -> dict[Path, Place]:
        return {corrected(path): place for path, place in places.items()}

    data = _renamed(document.data, misspelt)
    return replace(document, data=data, keys=moved(document.keys), values=moved(document.values))


def _renamed(node: Any, names: Mapping[Path, str], path: Path = ()) -> Any:
    if isinstance(node, dict):
        return {
            names.get((*path, key), key): _renamed(value, names, (*path, key)) for key, value in node.items()
        }
    if isinstance(node, list):
        return [_renamed(value, names, (*path, index)) for index, value in enumerate(node)]
    return node


def _without(node: Any, doomed: frozenset[Path], path: Path = ()) -> Any:
    """`node` without its invalid parts; None if it is invalid itself."""
    if path in doomed:
        return None
    if isinstance(node, dict):
        return {
            key: _without(value, doomed, (*path, key))
            for key, value in node.items()
            if (*path, key) not in doomed
        }
    if isinstance(node, list):
        return [
            _without(value, doomed, (*path, index))
            for index, value in enumerate(node)
            if (*path, index) not in doomed
        ]
    return node
