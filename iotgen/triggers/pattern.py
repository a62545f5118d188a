"""Patterns of EventBridge, which Lambda's filters share: the fields of an event and what they may hold.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Path
from iotgen.spec.nearest import nearest

_SIGNS = ("=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class PatternFault:
    """What is wrong at `path` of a pattern, and what to write instead."""

    path: Path
    message: str
    hint: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text_or_case(value: Any) -> bool:
    return _is_text(value) or (
        isinstance(value, Mapping) and [*value] == ["equals-ignore-case"] and _is_text(*value.values())
    )


def _is_range(value: Any) -> bool:
    if not isinstance(value, list) or len(value) not in (2, 4):
        return False
    return all(sign in _SIGNS for sign in value[::2]) and all(map(_is_number, value[1::2]))


def _is_excluded(value: Any) -> bool:
    if isinstance(value, Mapping):
        known = len(value) == 1 and next(iter(value)) in (
            "prefix",
            "suffix",
            "equals-ignore-case",
            "wildcard",
        )
        return known and all(_is_text(one) or _all(one, _is_text) for one in value.values())
    return _is_text(value) or _is_number(value) or _all(value, _is_text) or _all(value, _is_number)


def _all(value: Any, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(holds, value))


# Of each comparison, what it takes and how it is written.
_COMPARISONS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "prefix": (_is_text_or_case, "{prefix: dev-}"),
    "suffix": (_is_text_or_case, "{suffix: .png}"),
    "equals-ignore-case": (_is_text, "{equals-ignore-case: alarm}"),
    "anything-but": (_is_excluded, "{anything-but: [test, demo]}"),
    "numeric": (_is_range, '{numeric: [">", 0, "<=", 100]}'),
    "exists": (lambda value: isinstance(value, bool), "{exists: true}"),
    "cidr": (_is_text, "{cidr: 10.0.0.0/24}"),
    "wildcard": (_is_text, '{wildcard: "in/*.csv"}'),
}
# Lambda's filters have no more than these.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
FILTER_COMPARISONS = ("prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists")


def faults(
    pattern: Any, path: Path = (), comparisons: tuple[str, ...] = tuple(_COMPARISONS)
) -> Iterator[PatternFault]:
    """What AWS would refuse of a pattern with these comparisons."""
    for field, wanted in pattern.items():
        at = (*path, field)
        if field == "$or":
            yield from _alternatives(wanted, at, comparisons)
        elif isinstance(wanted, Mapping):
            yield from _nested(wanted, at, comparisons)
        elif not isinstance(wanted, list):
            yield PatternFault(
                at, f"`{field}` takes a list of values", f"Write `{field}: [{_said(wanted)}]`."
            )
        elif not wanted:
            yield PatternFault(at, f"`{field}` has no value, so no event matches", "Write one, or remove it.")
        else:
            for index, value in enumerate(wanted):
                yield from _value(value, (*at, index), comparisons)


def _said(value: Any) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _alternatives(wanted: Any, path: Path, comparisons: tuple[str, ...]) -> Iterator[PatternFault]:
    if not _all(wanted, lambda one: isinstance(one, Mapping) and bool(one)) or len(wanted) < 2:
        hint = "Write `$or: [{FIELD: [VALUE]}, {FIELD: [VALUE]}]`."
        yield PatternFault(path, "`$or` takes a list of two patterns or more", hint)
        return
    for index, one in enumerate(wanted):
        yield from faults(one, (*path, index), comparisons)


def _nested(wanted: Mapping[str, Any], path: Path, comparisons: tuple[str, ...]) -> Iterator[PatternFault]:
    if not wanted:
        yield PatternFault(path, f"`{path[-1]}` has no field", "Write a field with its values, or remove it.")
        return
    name, value = next(iter(wanted.items()))
    if len(wanted) == 1 and name in comparisons and _is_meant(name, value):
        hint = f"Write `{path[-1]}: [{_COMPARISONS[name][1]}]`, for example."
        yield PatternFault(path, f"a comparison such as `{name}` stands in a list", hint)
        return
    yield from faults(wanted, path, comparisons)


def _is_meant(name: str, value: Any) -> bool:
    """Whether a comparison is meant, rather than a field of that name and its values."""
    return _COMPARISONS[name][0](value) and (
        not isinstance(value, list) or name in ("numeric", "anything-but")
    )


def _value(value: Any, path: Path, comparisons: tuple[str, ...]) -> Iterator[PatternFault]:
    if isinstance(value, list):
        yield PatternFault(path, "a list in the list of values", "Write all values in one list.")
    elif isinstance(value, Mapping):
        yield from _comparison(value, path, comparisons)


def _comparison(value: Mapping[str, Any], path: Path, comparisons: tuple[str, ...]) -> Iterator[PatternFault]:
    known = ", ".join(comparisons)
    if len(value) != 1:
        yield PatternFault(path, "a comparison has one setting", f"Use one of: {known}.")
        return
    ((name, written),) = value.items()
    if name not in comparisons:
        meant = nearest(name, comparisons)
        hint = f"Write `{meant}`." if meant else f"Use one of: {known}."
        yield PatternFault((*path, name), f"`{name}` is not a comparison", hint)
    elif not _COMPARISONS[name][0](written):
        hint = f"Write `{_COMPARISONS[name][1]}`, for example."
        yield PatternFault((*path, name), f"`{name}` does not take this", hint)
