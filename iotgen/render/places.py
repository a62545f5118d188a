"""From what a template makes back to the template: the line that wrote each character of it.

For that the template is rendered once more, with marks in it, and only when there is a fault to place.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from iotgen.render.fault import Path

# No JSON holds this character as it is, so no value that fills a hole can look like a mark.
_MARK = "\x01"
_MARKS = re.compile(f"{_MARK}([^:]*):([0-9]+){_MARK}")
_TOKENS = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|[\[\]{}]|[^\s,:"\[\]{}]+')


class LineMarks(Extension):
    """Begins each line of a template's text, and each hole in it, with a mark that names file and line."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Mark the tokens that write something."""
        for token in stream:
            if token.type == "data":
                lines = token.value.split("\n")
                marked = (f"{_mark(stream, token.lineno + above)}{line}" for above, line in enumerate(lines))
                yield Token(token.lineno, "data", "\n".join(marked))
                continue
            if token.type == "variable_begin":
                yield Token(token.lineno, "data", _mark(stream, token.lineno))
            yield token


def _mark(stream: TokenStream, line: int) -> str:
    return f"{_MARK}{stream.name}:{line}{_MARK}"


@dataclass(frozen=True)
class Places:
    """Which template's line wrote what; `text` is without marks, `starts` and `lines` go in step."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[tuple[str, int], ...]

    def at(self, offset: int) -> tuple[str, int] | None:
        """The name and the line of the template that wrote the character at `offset`."""
        index = bisect_right(self.starts, offset) - 1
        return self.lines[index] if index >= 0 else None


def places(marked: str) -> Places:
    """The places of a text that was rendered with `LineMarks`."""
    starts, lines, taken = [], [], 0
    for mark in _MARKS.finditer(marked):
        starts.append(mark.start() - taken)
        lines.append((mark[1], int(mark[2])))
        taken += len(mark[0])
    return Places(_MARKS.sub("", marked), tuple(starts), tuple(lines))


def offsets(text: str) -> dict[Path, int]:
    """Where each key and each entry of a list begins in the JSON `text`, the last one where there are two."""
    return dict(_walk(text))


def repeated(text: str) -> Iterator[tuple[Path, int]]:
    """Each key that its object has already, and where it is: JSON forgets the first one in silence."""
    seen = set()
    for path, offset in _walk(text):
        if path in seen:
            yield path, offset
        seen.add(path)


def _walk(text: str) -> Iterator[tuple[Path, int]]:
    """The path and offset of each key and entry of valid JSON."""
    steps: list[str | int] = []  # down to here: a key in each open object, an index in each open list
    for token in _TOKENS.finditer(text):
        if token[0] in "]}":
            steps.pop()
            continue
        if token[2]:
            steps[-1] = json.loads(token[1])
            yield tuple(steps), token.start()
        elif steps and isinstance(steps[-1], int):
            steps[-1] += 1
            yield tuple(steps), token.start()
        if token[0] in "[{":
            steps.append(-1 if token[0] == "[" else "")
