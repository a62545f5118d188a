"""The place of one character of a text that a spec holds, as the file has it."""

import re
from collections.abc import Iterator
from itertools import islice

# What may stand before a text: an anchor, a tag, and the header of a block or a quotation mark.
_HEAD = re.compile(r"(?:[&!]\S*\s+)*(?P<style>[|>][^\n]*\n|['\"])?")
_BLANKS = r"\\[nrtfvNL_P \n]"
_MARKS = {
    '"': re.compile(rf"{_BLANKS}|(?P<mark>\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|x[0-9A-Fa-f]{{2}}|.)|\S)"),
    "'": re.compile(r"(?P<mark>''|\S)"),
}
_PLAIN = re.compile(r"(?P<mark>\S)")


def character(text: str, line: int, column: int, value: str, offset: int) -> tuple[int, int]:
    """Line and column of the character `offset` of a `value`, which stands at a place of `text`.

    All lines and columns count from 1. YAML folds and indents only blanks, so the other characters are
    counted.
    """
    wanted = len("".join(value[:offset].split()))
    ends = not value[offset:].strip()
    found = list(islice(_marks(text, _start(text, line, column)), wanted + (not ends)))
    if not found:
        return line, column
    first, after = found[-1]
    at = after if ends else first
    before = text[:at]
    return before.count("\n") + 1, at - before.rfind("\n")


def _start(text: str, line: int, column: int) -> int:
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column - 1


def _marks(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each character that is no blank begins and ends, from the place of a scalar on."""
    head = _HEAD.match(text, start)
    if head is None:
        return
    for match in _MARKS.get(head["style"] or "", _PLAIN).finditer(text, head.end()):
        if match["mark"]:
            yield match.span()
