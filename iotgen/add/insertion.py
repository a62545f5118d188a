"""One more entry in a section of a YAML text, of which nothing else changes: no byte, no comment.

The text is not written anew from data, as YAML libraries do it: these keep comments and order, but not
widths, quotes and line breaks. Places come from the parser's events: those of nodes are wrong for aliases.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from iotgen.errors import IotgenError

_INDENT = 2

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class _Node:
    """A part of the text: offsets of its beginning and its end, and the keys and values of a mapping.

    The `column` of a block is that of its keys.
    """

    start: int
    end: int
    column: int
    flow: bool = False
    quoted: bool = False
    text: str = ""
    pairs: "tuple[tuple[_Node, _Node], ...] | None" = None


@dataclass(frozen=True)
class _Text:
    """The whole text, its root, its end of a line, and where its document ends."""

    text: str
    root: _Node
    newline: str
    end: int


def insert(text: str, section: str, key: str, settings: Settings) -> str:
    """Add `key` with `settings` at the end of a section, which is made where the text has none.

    The text is a valid spec. Raises IotgenError where the section is not a mapping of its own.
    """
    whole = _read(text)
    root = whole.root
    found = next((value for name, value in root.pairs or () if name.text == section), None)
    if found is None and root.flow:
        return _in_flow(text, root, section, {key: settings})
    if found is None:
        return _at_the_end(whole, f"{section}:{whole.newline}{_entry(whole, key, settings, _INDENT, None)}")
    if found.pairs is None:
        message = f"`{section}` is an alias: an entry in it could end up elsewhere, too"
        raise IotgenError(message, f"Write `{section}` as a mapping of its own, or add the entry by hand.")
    return _in_flow(text, found, key, settings) if found.flow else _in_block(whole, found, key, settings)


def line_of(text: str, section: str, key: str) -> int:
    """The line of an entry's key, from 1."""
    sections = {name.text: value for name, value in _read(text).root.pairs or ()}
    keys = {name.text: name for name, _ in sections[section].pairs or ()}
    return text.count("\n", 0, keys[key].start) + 1


def _in_block(whole: _Text, section: _Node, key: str, settings: Settings) -> str:
    """Below the last entry and the comments that belong to it, written and spaced as that is."""
    assert section.pairs  # noqa: S101 (a block has at least one)
    text, (_, last) = whole.text, section.pairs[-1]
    at = _line_end(text, section.end)
    while _is_comment_of(text[at : _line_end(text, at)], section.column):
        at = _line_end(text, at)
    step = last.column - section.column if last.pairs and not last.flow else None
    entry = _entry(whole, key, settings, section.column, step)
    before = "" if text[:at].endswith("\n") else whole.newline
    space = whole.newline if _is_spaced(text, section) else ""
    return f"{text[:at]}{before}{space}{entry}{whole.newline}{text[at:]}"


def _is_comment_of(line: str, column: int) -> bool:
    """Whether a line is a comment that is deeper than a key at this column."""
    return line.lstrip(" ").startswith("#") and len(line) - len(line.lstrip(" ")) > column


def _is_spaced(text: str, section: _Node) -> bool:
    """Whether an empty line stands before the last entry, or before the comment above it."""
    *before, (name, _) = section.pairs or ()
    if not before:
        return False
    between = text[_line_end(text, before[-1][1].end) : name.start]
    return any(not line.strip() for line in between.split("\n")[:-1])


def _in_flow(text: str, node: _Node, key: str, settings: Settings) -> str:
    """Right behind the last value, or behind the bracket of a mapping that has none."""
    quoted = bool(node.pairs) and all(name.quoted for name, _ in node.pairs or ())
    entry = f"{_scalar(key, quoted)}: {_flow(settings, quoted)}"
    at = node.pairs[-1][1].end if node.pairs else node.start + 1
    return f"{text[:at]}{', ' if node.pairs else ''}{entry}{text[at:]}"


def _at_the_end(whole: _Text, lines: str) -> str:
    """Behind all that the document has, with an empty line before."""
    body = whole.text[: whole.end].rstrip()
    rest = whole.text[len(body) :]
    return f"{body}{whole.newline}{whole.newline}{lines}{rest or whole.newline}"


def _entry(whole: _Text, key: str, settings: Settings, column: int, step: int | None) -> str:
    """An entry at a column: on one line, or with its settings on lines that are `step` deeper."""
    name = f"{' ' * column}{_scalar(key, False)}:"
    if step is None:
        return f"{name} {_flow(settings, False)}"
    inner = (
        f"{' ' * (column + step)}{_scalar(one, False)}: {_flow(part, False)}"
        for one, part in settings.items()
    )
    return whole.newline.join([name, *inner])


def _flow(value: Any, quoted: bool) -> str:
    """A value on one line; with everything `quoted` it is JSON."""
    if isinstance(value, Mapping):
        pairs = (f"{_scalar(name, quoted)}: {_flow(part, quoted)}" for name, part in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(part, quoted) for part in value)}]"
    return _scalar(value, quoted)


def _scalar(value: Any, quoted: bool) -> str:
    plain = isinstance(value, str) and not quoted and _means_itself(value)
    return str(value) if plain else json.dumps(value)


def _means_itself(text: str) -> bool:
    """Whether a text is that text in YAML without quotes, also within brackets."""
    letters = text.translate(dict.fromkeys(map(ord, "-_/.")))
    return letters.isascii() and letters.isalnum() and text[0] not in "-." and yaml.safe_load(text) == text


def _line_end(text: str, at: int) -> int:
    """Where the line after the one at `at` begins."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _read(text: str) -> _Text:
    """The places in a text; IotgenError for one without a mapping."""
    newline, root, end = "\r\n" if "\r\n" in text else "\n", None, len(text)
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            root = _node(next(events), events)
        elif isinstance(event, yaml.DocumentEndEvent) and event.explicit:
            mark: Any = event.start_mark
            end = mark.index
    if root is None or root.pairs is None:
        raise IotgenError("the spec is no mapping", "Run `iotgen init DIR` to create one to start from.")
    return _Text(text, root, newline, end)


def _node(event: Any, events: Iterator[Any]) -> _Node:
    start, end = event.start_mark, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        block = event.style in ("|", ">")  # which ends where the next line begins
        return _Node(start.index, end - block, start.column, quoted=event.style == '"', text=event.value)
    if isinstance(event, yaml.AliasEvent):
        return _Node(start.index, end, start.column)
    parts = []
    closing: Any = None
    for inner in events:
        if isinstance(inner, yaml.CollectionEndEvent):
            closing = inner
            break
        parts.append(_node(inner, events))
    if event.flow_style:
        end = closing.end_mark.index
    elif parts:  # a block has no end of its own: the parser's is the beginning of what comes next
        end = parts[-1].end
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    pairs = tuple(zip(parts[::2], parts[1::2], strict=True)) if is_mapping else None
    # With an anchor, a block begins at the anchor; with a `?`, its first key is behind that.
    column = parts[0].column if parts and (event.anchor or event.tag) else start.column
    return _Node(start.index, end, column, flow=bool(event.flow_style), pairs=pairs)
