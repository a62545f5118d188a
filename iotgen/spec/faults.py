"""The errors of JSON Schema, in the words of the spec.

Unknown keys get a suggestion, and branches of the schema (`if`, `then`) are resolved to the one that
applies, so that no message shows schema jargon.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError

from iotgen.problem import Finding, Path
from iotgen.spec.foreign import Meaning, meaning, meant_value
from iotgen.spec.nearest import nearest
from iotgen.spec.schema import schema


@dataclass(frozen=True)
class SchemaFinding(Finding):
    """A finding of the schema.

    `meant` is the key that an unknown one stands for, unless that is taken. `shown` is a number or a boolean
    in the message, where the schema expects a text. `instead` are the required keys beside it that it stands
    for, and `lacking` is the one that is missing. `known` is whether a key is one that others exclude.
    `open` is whether an unknown key of the mapping may be meant for what it lacks. `several` is whether it is
    of all types that a value may have, and not of one of them.
    """

    meant: str = ""
    shown: str = ""
    instead: tuple[str, ...] = ()
    lacking: str = ""
    known: bool = False
    open: bool = False
    several: bool = False


_METHOD_AND_PATH = re.compile(r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY)\s+(?P<path>/.*)", re.I)

# What a text of the spec may have filled in, in some places.
_PLACEHOLDERS = re.compile(r"\{(suffix|account|region|pipeline)\}")

_TYPES = {
    "object": "a mapping (`key: value` lines)",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def faults_of(error: ValidationError, above: Path = (), *, titled: bool = True) -> Iterator[SchemaFinding]:
    """The faults of a value at `above`; with `titled`, messages name a mapping by its title in the schema."""
    path: Path = (*above, *error.absolute_path)
    kind = str(error.validator)
    owner = _schema(error).get("title") if titled else f"`{_name(path)}`"
    if _is_of_another_word(error):
        return
    if kind == "anyOf" and (words := words_of(_schema(error))):
        yield from _without(error, path, owner or "this mapping", words)
    elif kind == "additionalProperties" and "unchanged" in _schema(error):
        yield from _excluded(error, path)
    elif kind == "additionalProperties":
        yield from _unknown_keys(error, path, owner or "this mapping")
    elif kind == "required":
        yield _missing(error, path, owner or "this mapping")
    elif "propertyNames" in error.absolute_schema_path:
        yield _bad_key(error, path)
    else:
        wanted: Any = error.validator_value if kind == "type" else ()
        scalar = "string" in wanted and isinstance(error.instance, bool | int | float)
        text = json.dumps(error.instance)
        yield SchemaFinding(
            path,
            _explain(error, path),
            code="IOT102" if kind == "type" else "IOT104",
            shown=text if scalar and _takes(_schema(error), text) else "",
            open="unknownMayBeMeant" in _schema(error),
            several=isinstance(wanted, list),
        )


def _schema(error: ValidationError) -> dict[str, Any]:
    """The subschema that failed; every one of the spec's is an object."""
    return error.schema if isinstance(error.schema, dict) else {}


def _takes(node: Mapping[str, Any], value: object) -> bool:
    """Whether a part of the spec's schema takes a value."""
    return Draft202012Validator(schema()).evolve(schema=node).is_valid(value)


def words_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of a mapping that has one of several forms, each with the word that tells it; mostly none."""
    forms = node.get("anyOf", ())
    return tuple(form["required"][0] for form in forms if form.keys() == {"required"})


@cache
def _siblings() -> Mapping[str, tuple[str, tuple[str, ...], str]]:
    """By the title of each form: its word, those of all forms, and the title of the whole."""
    definitions = schema()["$defs"]
    return {
        definitions[form["then"]["$ref"].rpartition("/")[2]]["title"]: (
            form["if"]["required"][0],
            words_of(node),
            node["title"],
        )
        for node in definitions.values()
        if words_of(node)
        for form in node["allOf"]
    }


def _is_of_another_word(error: ValidationError) -> bool:
    """Whether a fault is of a form that a mapping with the words of two is not meant to have: the second."""
    word, words, _ = _siblings().get(_schema(error).get("title", ""), ("", (), ""))
    written: Any = error.instance
    return next((key for key in written if key in words), word) != word if word else False


def _without(
    error: ValidationError, path: Path, owner: str, words: tuple[str, ...]
) -> Iterator[SchemaFinding]:
    """A mapping without any of the words of which it needs one."""
    written: Any = error.instance
    if "allOf" in _schema(error):
        yield _wordless(error, path, owner, words)
    elif not any(nearest(key, words) for key in written):  # which is told as an unknown key
        yield _needs_one(path, owner, words)


def _needs_one(path: Path, owner: str, words: tuple[str, ...]) -> SchemaFinding:
    message = f"{owner} needs one of `{'`, `'.join(words)}`"
    return SchemaFinding(path, message, at_key=True, code="IOT103")


def _wordless(error: ValidationError, path: Path, owner: str, words: tuple[str, ...]) -> SchemaFinding:
    """A mapping without the word that tells its form: misspelt, of another tool, or left out."""
    role, known = f"a kind of {owner.partition(' ')[2]}", f"Use one of: {', '.join(words)}."
    settings = {name for form in _schema(error)["allOf"] for name in _settings(form["then"]["$ref"])}
    written: Any = error.instance
    for key in written:
        foreign = meaning(owner, key)
        if meant := foreign.key if foreign else nearest(key, words):
            message = f"`{_on_a_line(key)}` is not {role}; did you mean `{meant}`?"
            return SchemaFinding((*path, key), message, at_key=True, code="IOT101", meant=meant)
        if foreign:
            message = f"`{_on_a_line(key)}` is not {role}"
            return SchemaFinding((*path, key), message, foreign.hint, at_key=True, code="IOT101")
    for key in written:
        if key not in settings:
            message = f"`{_on_a_line(key)}` is not {role}"
            return SchemaFinding((*path, key), message, known, at_key=True, code="IOT101")
    return _needs_one(path, owner, words)


def _settings(reference: str) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = schema()["$defs"][reference.rpartition("/")[2]].get("properties", {})
    return settings


def _unknown_keys(error: ValidationError, path: Path, owner: str) -> Iterator[SchemaFinding]:
    known = list(_schema(error).get("properties", {}))
    patterns = _schema(error).get("patternProperties", {})
    instance: Any = error.instance
    taken = set(instance)
    hints: set[str] = set()
    for key in instance:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        if second := _second_word((*path, key), owner):
            yield second
            continue
        foreign = meaning(owner, key)
        if foreign and foreign.hint:
            if foreign.hint not in hints:  # several words for one setting are one fault
                hints.add(foreign.hint)
                yield _elsewhere((*path, key), foreign, owner)
            continue
        meant = foreign.key if foreign else nearest(key, known)
        suggestion = f"; did you mean `{meant}`?" if meant else ""
        hint = "" if meant else f"Use one of: {', '.join(known)}." if known else "Remove it."
        message = f"`{_on_a_line(key)}` is not a setting of {owner}{suggestion}"
        near = meant if meant and meant not in taken else ""
        yield SchemaFinding((*path, key), message, hint, at_key=True, code="IOT101", meant=near)
        taken.add(meant)


def _excluded(error: ValidationError, path: Path) -> Iterator[SchemaFinding]:
    """The settings beside one that stands alone."""
    node, instance = _schema(error), cast("dict[str, Any]", error.instance)
    for key in instance:
        if any(re.search(pattern, key) for pattern in node["patternProperties"]):
            continue
        message = f"`{_on_a_line(key)}` cannot be set for {node['title']}: {node['unchanged']}"
        yield SchemaFinding((*path, key), message, "Remove it.", at_key=True, code="IOT104", known=True)


def _second_word(path: Path, owner: str) -> SchemaFinding | None:
    """The fault of a mapping with the words of two forms, in that of the first; None if a key is no such."""
    word, words, title = _siblings().get(owner, ("", (), ""))
    key = str(path[-1])
    if key not in words:
        return None
    noun = title.partition(" ")[2]
    message = f"`{key}` is another kind of {noun} than `{word}`"
    return SchemaFinding(
        path, message, f"Write two: one with `{word}`, one with `{key}`.", at_key=True, code="IOT101"
    )


def _elsewhere(path: Path, foreign: Meaning, owner: str) -> SchemaFinding:
    message = f"`{_on_a_line(path[-1])}` is not a setting of {owner}"
    return SchemaFinding(path, message, foreign.hint, at_key=True, code="IOT101", instead=foreign.instead)


def _missing(error: ValidationError, path: Path, owner: str) -> SchemaFinding:
    lacking = error.message.split("'")[1]  # jsonschema makes one error for each missing property
    named = path and isinstance(path[-1], str) and not owner.startswith("the ")
    message = f"`{path[-1]}` needs `{lacking}`" if named else f"{owner} needs `{lacking}`"
    is_open = "unknownMayBeMeant" in _schema(error)
    return SchemaFinding(path, message, at_key=True, code="IOT103", lacking=lacking, open=is_open)


def _bad_key(error: ValidationError, path: Path) -> SchemaFinding:
    if method := _METHOD_AND_PATH.fullmatch(str(error.instance)):
        message = f"`{_on_a_line(error.instance)}` cannot be a key here: use `{method['path']}`"
        hint = f"Write the method below it: `method: {method['method'].upper()}`."
        return SchemaFinding(
            (*path, str(error.instance)), message, hint, at_key=True, code="IOT105", instead=("method",)
        )
    message = f"`{_on_a_line(error.instance)}` cannot be a key here: use {_pattern(error)}"
    return SchemaFinding((*path, str(error.instance)), message, at_key=True, code="IOT105")


def _on_a_line(key: object) -> str:
    return json.dumps(key, ensure_ascii=False)[1:-1]


def _pattern(error: ValidationError) -> str:
    return str(_schema(error).get("patternExplained", f"a text that matches {error.validator_value}"))


def _unfilled(error: ValidationError) -> str:
    """What is said of a placeholder that is filled in elsewhere, and not here."""
    for word in _PLACEHOLDERS.findall(str(error.instance)):
        if word not in str(error.validator_value):
            return f"`{{{word}}}` is not filled in here; "
    return ""


def _explain(error: ValidationError, path: Path) -> str:
    name = f"`{_name(path)}`" if _name(path) else "the spec"
    value: Any = error.validator_value
    shown = _shown(error.instance)
    match error.validator:
        case "type":
            wanted = [value] if isinstance(value, str) else value
            types = _schema(error).get("typeExplained") or _either([_TYPES[kind] for kind in wanted])
            return f"{name} takes {types}, not {shown}"
        case "enum":
            return f"{name} cannot be {shown}{_instead(error)}"
        case "const":
            return f"{name} must be {json.dumps(value)}, not {shown}"
        case "pattern":
            return f"{name} cannot be {shown}: {_unfilled(error)}use {_pattern(error)}"
        case "not":
            # The message does not show the value: it may be a secret.
            return f"{name} {_schema(error).get('notExplained', 'is a value that its schema excludes')}"
        case "anyOf" | "oneOf":
            fits = "none" if error.context else "more than one"
            return f"{name} cannot be {shown}: it matches {fits} of the forms that its schema allows"
        case _:
            return f"{name} {_bound(error)}"


def _either(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)}{' or ' * bool(most)}{last}"


def _name(path: Path) -> str:
    """The nearest key of a path; empty at the top."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _bound(error: ValidationError) -> str:
    kind, value = str(error.validator), error.validator_value
    if kind in ONE and value != 1:
        return ONE[kind].format(value)
    if kind in ("minimum", "maximum") and _schema(error).get(f"exclusive{kind.capitalize()}") is True:
        kind = f"exclusive{kind.capitalize()}"  # as draft 4 has it
    if kind not in BOUNDS:
        return f"is not valid: {error.message}"
    remedy = _schema(error).get("mostExplained") if kind == "maxItems" else None
    return BOUNDS[kind].format(value) + (f"; {remedy}" if remedy else "")


BOUNDS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "minLength": "must not be empty",
    "maxLength": "must have at most {} characters",
    "minItems": "needs an entry",
    "maxItems": "has too many entries: the most is {}",
    "minProperties": "needs an entry",
    "maxProperties": "has too many entries: the most is {}",
    "uniqueItems": "has the same entry twice",
}

# The same for limits other than 1.
ONE = {
    "minLength": "must have at least {} characters",
    "minItems": "needs at least {} entries",
    "minProperties": "needs at least {} entries",
}


def _instead(error: ValidationError) -> str:
    """The end of the message about a value that is not allowed: why, and what to write."""
    values: Any = error.validator_value
    allowed = ", ".join(_alike(error.instance, [str(item) for item in values]))
    if other := _schema(error).get("otherExplained"):
        allowed += f", or {other}"
    why = _schema(error).get("enumExplained", {}).get(str(error.instance))
    if why:
        return f": {why}; use {allowed}"
    meant = _meant(error.instance, values)
    return f"; did you mean `{meant}`?" if meant else f": use {allowed}"


def _alike(written: Any, allowed: list[str]) -> list[str]:
    """Of many allowed values those that begin as the written one does, if there are any."""
    word = re.match("[a-z]{4,}|$", str(written))
    alike = [value for value in allowed if word and word[0] and value.startswith(word[0])]
    return alike or allowed


def _meant(written: Any, allowed: list[Any]) -> str | None:
    """The allowed value closest to the written one: by size, by its name in other tools, or by spelling."""
    if isinstance(written, int | float) and all(isinstance(value, int | float) for value in allowed):
        return str(min(allowed, key=lambda value: abs(value - written)))
    # Another number is another thing, not a misspelling: python3.9 is not python3.11.
    digits = "".join(filter(str.isdigit, str(written)))
    known = [str(value) for value in allowed]
    foreign = meant_value(str(written))
    if foreign in known:
        return foreign
    return nearest(
        str(written), [name for name in known if digits in ("", "".join(filter(str.isdigit, name)))]
    )


def _shown(instance: Any) -> str:
    if instance is None:
        return "empty"
    if isinstance(instance, dict):
        return "a mapping"
    if isinstance(instance, list):
        return "a list"
    text = json.dumps(instance, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + '..."'
