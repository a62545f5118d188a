"""A log line for people, as text, and for programs, as an object."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from iotgen.operate.logs.line import TRACEBACK, Line
from iotgen.operate.logs.times import rfc_3339
from iotgen.visible import visible

# Colours a text as a part of a line: `time`, `writer`, `fields`, or a level in capitals.
Paint = Callable[[str, str], str]

_LEVEL = len("ERROR")
# In front of each further line, so that none looks like a log line of its own.
_INDENT = "    "
# Where Lambda's own line of an error that no handler caught has its traceback.
# https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
_STACK = "stackTrace"


def unpainted(text: str, _part: str) -> str:
    """The text as it is."""
    return text


def text(line: Line, width: int, paint: Paint = unpainted) -> str:
    """Time, writer in `width` columns, level, message, and the other fields as `name=value`.

    Further lines of a message, and those of a traceback, follow below, indented.
    """
    message, below = _message(line)
    others = {name: value for name, value in line.fields.items() if name != _STACK or not below}
    fields = " ".join(f"{visible(name)}={_value(value)}" for name, value in _flat(others))
    parts = (
        paint(rfc_3339(line.time), "time"),
        paint(f"{line.writer:{width}}", "writer"),
        paint(f"{visible(line.level):{_LEVEL}}", line.level),
        visible(message),
        fields and paint(fields, "fields"),
    )
    first = " ".join(part for part in parts if part).rstrip()
    return "\n".join((first, *(f"{_INDENT}{visible(one)}".rstrip() for one in below)))


def _message(line: Line) -> tuple[str, list[str]]:
    """The first line of a message and those below it; of a traceback that is its last line, the error."""
    message, *more = line.message.split("\n")
    stack = line.fields.get(_STACK)
    if message.startswith(TRACEBACK) and more:
        return more[-1], [message, *more[:-1]]
    if isinstance(stack, list) and all(isinstance(one, str) for one in stack):
        more += "".join(f"{one}\n" for one in stack).split("\n")
    return message, [one for one in more if one.strip()]


def as_object(line: Line) -> dict[str, Any]:
    """A line as JSON writes it."""
    return {
        "time": rfc_3339(line.time),
        "function": line.writer,
        "level": line.level,
        "message": line.message,
        "fields": dict(line.fields),
    }


def _flat(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields, those of an object by their own names behind its name."""
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            yield from ((f"{name}.{inner}", below) for inner, below in value.items())
        else:
            yield name, value


def _value(value: Any) -> str:
    """A value on one line: a word as it is, all else as JSON, a list of one as that one."""
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list):
        return _value(value[0])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str) and value and value.isprintable() and not set(value) & set(' "='):
        return value
    return visible(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
