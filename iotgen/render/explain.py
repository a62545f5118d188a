"""What Jinja and JSON say of a template that fails, in the words of the one who wrote it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from iotgen.render.fault import Fault
from iotgen.spec.nearest import nearest

_UNDEFINED = re.compile(r"'(?P<name>\w+)' is undefined\Z")
_NO_ATTRIBUTE = re.compile(r"'(?:\w+\.)*(?P<type>\w+) object' has no attribute '(?P<name>\w+)'\Z")


def explain(said: str, holes: Mapping[str, Any]) -> tuple[Fault, str]:
    """What Jinja `said`, and the word in the template that it is about."""
    if found := _UNDEFINED.search(said):
        name = found["name"]
        return _unknown(f"this template is not given `{name}`", name, list(holes)), name
    if found := _NO_ATTRIBUTE.search(said):
        name, kind = found["name"], found["type"]
        owner = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
        return _unknown(f"a {owner} has no `{name}`", name, _attributes(holes, kind)), name
    return Fault((), "IOT501", f"this template fails: {said}"), ""


def explain_json(error: json.JSONDecodeError) -> Fault:
    """What is wrong with the JSON; where something is missing, at the last character before."""
    before = error.doc[: error.pos].rstrip()
    offset = error.pos
    said = f"this makes no JSON: {error.msg[0].lower()}{error.msg[1:]}"
    if error.msg.startswith("Expecting ',' delimiter"):
        said, offset = "this makes no JSON: a comma is missing behind this", len(before) - 1
    elif error.doc[error.pos : error.pos + 1] == ",":
        said = "this makes no JSON: nothing follows this comma"
    elif before.endswith(",") and error.doc[error.pos :].lstrip()[:1] in ("}", "]"):
        said, offset = "this makes no JSON: nothing follows this comma", len(before) - 1
    return Fault((), "IOT502", said, offset=offset)


def _unknown(said: str, name: str, known: list[str]) -> Fault:
    meant = nearest(name, known)
    asked = f"; did you mean `{meant}`?" if meant else ""
    hint = f"known here: {', '.join(known)}" if known and not meant else ""
    return Fault((), "IOT501", f"{said}{asked}", hint)


def _attributes(holes: Mapping[str, Any], kind: str) -> list[str]:
    """What an object of that type has, where there is one among the holes or right below them."""
    below = [inner for value in holes.values() for inner in getattr(value, "__dict__", {}).values()]
    for value in (*holes.values(), *below):
        if type(value).__name__ == kind:
            return [name for name in dir(value) if not name.startswith("_")]
    return []
