"""The settings in which a resource differs before and after, without the values of sensitive ones."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

from iotgen.terraform.plan import Change, Steps


class Mark(Enum):
    """What stands for a value that is not shown, or not known."""

    SENSITIVE = "(sensitive)"
    UNKNOWN = "(known after apply)"


@dataclass(frozen=True)
class Setting:
    """A value that differs: JSON data with marks in it, None where there is none.

    `forces` if Terraform replaces the resource for it.
    """

    path: Steps
    before: Any
    after: Any
    forces: bool = False

    @property
    def name(self) -> str:
        """The path as Terraform writes it, without the index of a block that is there once."""
        text = ""
        for index, step in enumerate(self.path):
            if isinstance(step, int):
                text += "" if step == 0 and index < len(self.path) - 1 else f"[{step}]"
            else:
                text += f".{step}" if text else step
        return text


class _Hidden:
    """A sensitive value, which can be compared and not be read."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return Mark.SENSITIVE.value


def differing(change: Change) -> tuple[Setting, ...]:
    """The settings that differ, those that force a replacement first."""
    before = _masked(change.before, change.before_sensitive)
    after = _masked(_with_unknown(change.after, change.after_unknown), change.after_sensitive)
    found = [
        Setting(path, _sealed(old), _sealed(new), _forces(change, path))
        for path, old, new in _differences(before, after, ())
        if new is not Mark.UNKNOWN or configured(change.configured, path)
    ]
    return tuple(sorted(found, key=lambda setting: not setting.forces))


def _forces(change: Change, path: Steps) -> bool:
    return any(
        path[: len(forced)] == forced or forced[: len(path)] == path for forced in change.replace_paths
    )


def configured(written: Any, path: Steps) -> bool:
    """Whether the configuration has a setting. What it does not have, AWS makes up, and that says nothing."""
    for step in path:
        if isinstance(written, list):
            written = written[step] if isinstance(step, int) and step < len(written) else None
        elif isinstance(written, Mapping) and isinstance(step, str):
            written = written.get(step)
    return bool(written)


def _with_unknown(value: Any, unknown: Any) -> Any:
    """A value with marks where it is not known."""
    if unknown is True:
        return Mark.UNKNOWN
    if isinstance(unknown, Mapping) and (value is None or isinstance(value, Mapping)):
        known = value or {}
        marked = {key: _with_unknown(known.get(key), inner) for key, inner in unknown.items()}
        return {**known, **{key: inner for key, inner in marked.items() if inner is not None or key in known}}
    if isinstance(unknown, list) and isinstance(value, list):
        return [_with_unknown(one, inner) for one, inner in zip_longest(value, unknown, fillvalue=None)]
    return value


def _masked(value: Any, sensitive: Any) -> Any:
    """A value with its sensitive parts hidden."""
    if value is None or sensitive in (False, None) or value is Mark.UNKNOWN:
        return value
    if sensitive is True:
        return _Hidden(value)
    if isinstance(sensitive, Mapping) and isinstance(value, Mapping):
        return {key: _masked(inner, sensitive.get(key)) for key, inner in value.items()}
    if isinstance(sensitive, list) and isinstance(value, list):
        pairs = zip_longest(value, sensitive[: len(value)], fillvalue=None)
        return [_masked(inner, mask) for inner, mask in pairs]
    return _Hidden(value)  # a mask of another form than the value


def _sealed(value: Any) -> Any:
    """A value with marks for its hidden parts."""
    if isinstance(value, _Hidden):
        return Mark.SENSITIVE
    if isinstance(value, Mapping):
        return {key: _sealed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_sealed(inner) for inner in value]
    return value


def _differences(before: Any, after: Any, path: Steps) -> Iterator[tuple[Steps, Any, Any]]:
    """Each path at which two values differ, as deep as both have the same form."""
    before, after = _parsed(before, after)
    if before == after or (_empty(before) and _empty(after)):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _differences(before.get(key), after.get(key), (*path, key))
    elif _blocks(before) and _blocks(after):
        for index, (old, new) in enumerate(_paired(before, after)):
            yield from _differences(old, new, (*path, index))
    else:
        yield path, before, after


def _parsed(before: Any, after: Any) -> tuple[Any, Any]:
    """Texts that both are objects or lists in JSON, as what they are: order and spaces do not count."""
    if isinstance(before, str) and isinstance(after, str):
        old, new = json_in(before), json_in(after)
        if type(old) is type(new) is not type(None):
            return old, new
    return before, after


def json_in(text: Any) -> Any:
    """The object or list that a text is in JSON, None if it is none."""
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _empty(value: Any) -> bool:
    """Whether a value is none: the provider sends nothing, an empty text or an empty list for it."""
    return value is None or value in ("", [], {})


def _blocks(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _paired(before: list[Any], after: list[Any]) -> Iterator[tuple[Any, Any]]:
    """The blocks of two lists side by side; of lists of different lengths, those that only one has."""
    if len(before) == len(after):
        return zip(before, after, strict=True)
    old = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    return zip_longest(old, new)
