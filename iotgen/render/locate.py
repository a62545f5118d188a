"""A fault of what a template makes, as a problem of the template."""

from collections.abc import Mapping, Sequence
from typing import Any

from iotgen.problem import Problem
from iotgen.render.engine import Engine, TemplateError, TemplateSource, file_name
from iotgen.render.fault import Fault, Path
from iotgen.render.places import LineMarks, Places, offsets, places
from iotgen.render.template import Template


class Locator:
    """Finds the template's line that wrote what is at fault; the first line where that can't be told."""

    def __init__(self, source: TemplateSource, own: Mapping[str, Template]) -> None:
        self._marking = Engine(source, (LineMarks,))
        self._own = own

    def problem(self, template: str, holes: Mapping[str, Any], text: str, fault: Fault) -> Problem:
        """The problem, where `template` made `text` of `holes`."""
        offset = _offset(text, fault.path) if fault.offset is None else fault.offset
        name, line = self._places(template, holes, text).at(offset) or (file_name(template), 1)
        words = [f'"{step}"' for step in reversed(fault.path) if isinstance(step, str)]
        return self.at_line(name, line, fault, words)

    def at_line(self, name: str, line: int, fault: Fault, words: Sequence[str] = ()) -> Problem:
        """The problem on a line, at the first of `words` that is there."""
        template = self._own.get(name) or Template(name, "")
        lines = template.text.splitlines()
        text = lines[line - 1] if line <= len(lines) else ""
        found = [text.find(word) for word in words if word and word in text]
        column = found[0] if found else len(text) - len(text.lstrip())
        return Problem(
            template.file, line, column + 1, fault.code, fault.message, fault.severity, hint=fault.hint
        )

    def _places(self, template: str, holes: Mapping[str, Any], text: str) -> Places:
        try:
            found = places(self._marking.text(template, holes))
        except TemplateError:
            return places("")
        # A template that looks at its own text sees the marks, and may make something else.
        return found if found.text == text else places("")


def _offset(text: str, path: Path) -> int:
    """Where the node at `path` begins, or what is nearest above it."""
    starts = offsets(text)
    for length in range(len(path), 0, -1):
        if path[:length] in starts:
            return starts[path[:length]]
    return len(text) - len(text.lstrip())
