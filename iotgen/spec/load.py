"""YAML text to a `Document`, with every fault of the YAML reported in one pass.

The result is JSON data. YAML 1.1 reads `on` as a boolean, `010` as eight and `12:30` as 750:
where a plain word would silently become something else, it is a problem rather than a value.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import yaml

from iotgen.problem import Path, Problem
from iotgen.spec.depth import LOADER, MAX_LEVELS, TOO_DEEP, nests_deeper, too_deep
from iotgen.spec.document import Document, Place, pointer

# An alias repeats what it names, so a few lines can stand for billions of nodes. The largest real spec
# (hundreds of functions) has some ten thousand.
MAX_NODES = 100_000

MAX_DIGITS = 4_000  # Python itself converts some more

_TAG = "tag:yaml.org,2002:"
# `=` and `<<` have tags of their own, but no meaning as values.
_TEXTS = ("str", "timestamp", "value", "merge")
_SCALARS = (*_TEXTS, "null", "bool", "int", "float")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_TAB = "a tab cannot be used here: YAML is indented with spaces"
_EXPLAINED = (
    (re.compile(r"mapping values are not allowed"), "a second `:` on this line: quote the value"),
    (
        re.compile(r"did not find expected key|expected <block end>"),
        "the indentation does not match the lines above",
    ),
    (re.compile(r"could not find expected ':'"), "a `:` is missing after this key"),
    (
        re.compile(r"did not find expected ',' or|expected ',' or"),
        "a `,` or the closing bracket is missing here",
    ),
    (re.compile(r"unexpected end of stream"), "a quotation mark or a bracket is not closed"),
    (re.compile(r"undefined alias"), "this alias (`*name`) refers to no anchor (`&name`) above it"),
    (
        re.compile(r"expected a single document|but found another document"),
        "a spec must be a single YAML document",
    ),
)


class _TooLargeError(Exception):
    """The document expands to more nodes than any real spec has."""


@dataclass
class _Walk:
    file: str
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: dict[tuple[int, int, str], Problem] = field(default_factory=dict)
    unread: list[tuple[Path, str]] = field(default_factory=list)
    nodes: int = 0

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _TooLargeError

    def report(self, node: yaml.Node, path: Path, code: str, message: str, hint: str = "") -> None:
        place = _place(node, path)
        problem = Problem(self.file, place.line, place.column, code, message, path=pointer(path), hint=hint)
        # A fault in aliased nodes is reported once, where it is written.
        self.problems.setdefault((place.line, place.column, code), problem)


def load(text: str, file: str) -> tuple[Document, tuple[Problem, ...]]:
    """Parse the spec `text`; `file` is only its name in problems.

    If there are problems, the document holds the readable part.
    """
    walk = _Walk(file)
    empty = Document(file, None, {}, {})
    try:
        if too_deep(text):
            raise RecursionError
        root = yaml.compose(text, Loader=LOADER)
        data = None if root is None else _value(walk, root, (), ())
    except RecursionError:
        return empty, (_depth_problem(file),)
    except yaml.YAMLError as error:
        if getattr(error, "problem", None) == TOO_DEEP:
            return empty, (_depth_problem(file),)
        return empty, (_syntax_problem(error, text, file),)
    except _TooLargeError:
        return empty, (Problem(file, 1, 1, "IOT002", _too_large(text)),)
    if data is None and not walk.problems:
        hint = "Run `iotgen init DIR` to create one to start from."
        return empty, (Problem(file, 1, 1, "IOT001", "the spec is empty", hint=hint),)
    document = Document(file, data, walk.keys, walk.values, tuple(walk.unread), text)
    return document, tuple(walk.problems.values())


def _too_large(text: str) -> str:
    """The message about too large YAML: either its text or its aliases are the cause."""
    nodes = (yaml.ScalarEvent, yaml.CollectionStartEvent)
    written = sum(isinstance(event, nodes) for event in yaml.parse(text, Loader=LOADER))
    if written > MAX_NODES:
        return f"this YAML has {written:,} nodes; a spec has at most {MAX_NODES:,}"
    return f"aliases expand this YAML to more than {MAX_NODES:,} nodes"


def _depth_problem(file: str) -> Problem:
    return Problem(file, 1, 1, "IOT002", "this YAML is nested too deeply to be a spec")


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    message = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:  # a character that YAML does not allow
        match = yaml.reader.Reader.NON_PRINTABLE.search(text)
        before = text[: match.start()] if match else ""
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return Problem(file, line, column, "IOT002", f"not valid YAML: {message}")
    lines = text.splitlines()
    here = lines[mark.line] if mark.line < len(lines) else ""
    explanation = next((text for pattern, text in _EXPLAINED if pattern.search(message)), message)
    if "\t" in here[: mark.column + 1] and not here[: mark.column].strip():
        explanation = _TAB
    elif "cannot start any token" in message:
        explanation = f"a text cannot begin with `{here[mark.column : mark.column + 1]}`: quote it"
    line, column = _within(lines, mark.line, mark.column)
    return Problem(file, line, column, "IOT002", f"not valid YAML: {explanation}")


def _within(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """The place, counted from 1, of a mark counted from 0, which may be one line past the last."""
    if line < len(lines) or not lines:
        return line + 1, column + 1
    return len(lines), len(lines[-1]) + 1


def _place(node: yaml.Node, path: Path) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1, path)


def _value(walk: _Walk, node: yaml.Node, path: Path, above: tuple[int, ...]) -> Any:
    walk.count()
    if len(path) > MAX_LEVELS:
        raise RecursionError
    walk.values[path] = _place(node, path)
    if id(node) in above:
        walk.report(node, path, "IOT005", "this alias contains itself")
        return None
    if isinstance(node, yaml.ScalarNode):
        value = _scalar(walk, node, path)
        if isinstance(value, bool | int | float) and json.dumps(value) != node.value:
            walk.values[path] = replace(walk.values[path], text=node.value)
        return value
    if node.tag not in (_TAG + "map", _TAG + "seq"):
        _refuse_tag(walk, node, path)
    inside = (*above, id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_value(walk, item, (*path, index), inside) for index, item in enumerate(node.value)]
    return _mapping(walk, node, path, inside)


def _mapping(walk: _Walk, node: yaml.Node, path: Path, inside: tuple[int, ...]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in _merged(walk, node, path, inside):
        key = _key(walk, key_node, path)
        if key is None:
            continue
        here = (*path, key)
        if key in lines:
            first = lines[key]
            walk.report(key_node, here, "IOT003", f"duplicate key `{key}`; it is already set on line {first}")
            walk.unread += [(here, text) for text in _texts(value_node)]
            continue
        lines[key] = key_node.start_mark.line + 1
        walk.keys[here] = _place(key_node, here)
        result[key] = _value(walk, value_node, here, inside)
    return result


def _texts(node: yaml.Node) -> Iterator[str]:
    """Every text in a discarded value, so that no resource that it names counts as unused."""
    left, seen = [node], set()
    while left:
        one = left.pop()
        if isinstance(one, yaml.ScalarNode):
            yield str(one.value)
        elif id(one) not in seen:
            seen.add(id(one))
            left += [part for pair in one.value for part in (pair if isinstance(pair, tuple) else (pair,))]


def _merged(
    walk: _Walk, node: yaml.Node, path: Path, inside: tuple[int, ...]
) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The pairs of a mapping, and those that `<<` merges in for keys that it does not have itself."""
    own = [pair for pair in node.value if pair[0].tag != _TAG + "merge"]
    yield from own
    seen = {str(key.value) for key, _ in own}
    for key_node, value_node in node.value:
        if key_node.tag != _TAG + "merge":
            continue
        sources = value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]
        for source in sources:
            walk.count()
            if not isinstance(source, yaml.MappingNode) or id(source) in inside:
                walk.report(value_node, path, "IOT005", "`<<` takes a mapping, or a list of mappings")
                continue
            for pair in _merged(walk, source, path, (*inside, id(source))):
                if str(pair[0].value) not in seen:
                    seen.add(str(pair[0].value))
                    yield pair


def _key(walk: _Walk, node: yaml.Node, path: Path) -> str | None:
    if isinstance(node, yaml.ScalarNode):
        if node.tag.removeprefix(_TAG) not in _SCALARS:
            _refuse_tag(walk, node, path)
        # A plain `on:` or `1:` is a string as a key: keys are never booleans or numbers here.
        return str(node.value)
    if nests_deeper(node, MAX_LEVELS - len(path)):
        raise RecursionError
    walk.report(node, path, "IOT005", "a key must be a plain word, not a list or a mapping")
    return None


def _scalar(walk: _Walk, node: yaml.ScalarNode, path: Path) -> Any:
    kind = node.tag.removeprefix(_TAG)
    text: str = node.value
    if kind in _TEXTS:
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return _boolean(walk, node, path)
    if kind == "int":
        return _integer(walk, node, path)
    if kind == "float":
        return _float(walk, node, path)
    _refuse_tag(walk, node, path)
    return text


def _refuse_tag(walk: _Walk, node: yaml.Node, path: Path) -> None:
    walk.report(node, path, "IOT005", f"the tag `{node.tag}` is not supported: write plain YAML")


def _boolean(walk: _Walk, node: yaml.ScalarNode, path: Path) -> bool:
    word = node.value.lower()
    truth = word in ("true", "yes", "on")
    if word not in ("true", "false"):
        message = f"`{node.value}` is a boolean in YAML, not a word"
        hint = f'Write `{str(truth).lower()}` or `"{node.value}"`.'
        walk.report(node, path, "IOT004", message, hint)
    return truth


def _integer(walk: _Walk, node: yaml.ScalarNode, path: Path) -> int | str:
    text = node.value
    if _DECIMAL.match(text) and len(text) <= MAX_DIGITS:
        return int(text)
    if _DECIMAL.match(text):
        message = f"a number of {len(text)} digits is too large"
    elif ":" in text:
        message = f"`{text}` is a base-60 number in YAML, not a time"
    elif text.lstrip("+-").startswith("0") and text.lstrip("+-").isdigit():
        message = f"`{text}` is an octal number in YAML because of its leading zero"
    else:
        message = f"`{text}` is a number in a misleading notation"
    walk.report(node, path, "IOT004", message, f'Write a plain decimal number, or `"{text}"` for a text.')
    return str(text)


def _float(walk: _Walk, node: yaml.ScalarNode, path: Path) -> float | str:
    try:
        number = float(node.value)
    except ValueError:
        number = float("nan")
    if number - number == 0:  # neither infinite nor NaN, which JSON does not allow
        if "_" in node.value:
            message = f"`{node.value}` is a number in a misleading notation"
            hint = f'Write a plain decimal number, or `"{node.value}"` for a text.'
            walk.report(node, path, "IOT004", message, hint)
        elif Decimal(node.value) != Decimal(repr(number)):
            message = f"`{node.value}` has more digits than a number can hold: it would become `{number!r}`"
            hint = f'Write `{number!r}`, or `"{node.value}"` for a text.'
            walk.report(node, path, "IOT004", message, hint)
        return number
    walk.report(
        node,
        path,
        "IOT004",
        f"`{node.value}` is not a finite number",
        "Quote it for a text.",
    )
    return str(node.value)
