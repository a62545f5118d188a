"""JSON laid out over many lines and on one, with each number and text as it was written."""

import re
from collections.abc import Iterator

_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
_OPENING, _CLOSING = "[{", "]}"


def spread(text: str) -> str:
    """JSON over many lines, for people to edit."""
    return "".join(_spread(_MARK.findall(text))) + "\n"


def on_one_line(text: str) -> str:
    """The same JSON without space between its parts."""
    return "".join(_MARK.findall(text))


def _spread(marks: list[str]) -> Iterator[str]:
    depth = 0
    for mark, after in zip(marks, [*marks[1:], ""], strict=True):
        if mark in _OPENING and after and after in _CLOSING:
            depth += 1
            yield mark
        elif mark in _OPENING:
            depth += 1
            yield mark + _line(depth)
        elif mark in _CLOSING:
            depth -= 1
            yield mark + _before(after, depth)
        elif mark == ",":
            yield mark + _line(depth)
        elif mark == ":":
            yield ": "
        else:
            yield mark + _before(after, depth)


def _before(after: str, depth: int) -> str:
    """A new line before a closing bracket."""
    return _line(depth - 1) if after and after in _CLOSING else ""


def _line(depth: int) -> str:
    return "\n" + "  " * depth
