"""Patterns that events must match: filters of Lambda, and filter policies of SNS.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import operator
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

_SIGNS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NOTHING: Any = object()


def fits(pattern: Mapping[str, Any], document: Any) -> bool:
    """Whether a document has what each field of a pattern asks for; with `$or`, one of several patterns."""
    return all(_field(name, wanted, document) for name, wanted in pattern.items())


def _field(name: str, wanted: Any, document: Any) -> bool:
    if name == "$or":
        return any(fits(one, document) for one in wanted)
    value = document.get(name, _NOTHING) if isinstance(document, Mapping) else _NOTHING
    if isinstance(wanted, Mapping):
        return any(fits(wanted, one) for one in value) if isinstance(value, list) else fits(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_compared(one, each) for one in wanted for each in values)


def _compared(wanted: Any, value: Any) -> bool:
    """Whether a value is one that a pattern names, or that a comparison holds for."""
    if not isinstance(wanted, Mapping):
        return (type(wanted) is type(value) and bool(wanted == value)) or _same_number(wanted, value)
    ((word, given),) = wanted.items()
    if word == "exists":
        return (value is not _NOTHING) is given
    if value is _NOTHING:
        return False
    if word == "anything-but":
        return not any(_compared(one, value) for one in _each(given))
    if word == "numeric":
        return _is_number(value) and all(
            _SIGNS[sign](value, bound) for sign, bound in zip(given[::2], given[1::2], strict=True)
        )
    return isinstance(value, str) and _text(word, given, value)


def _text(word: str, given: Any, value: str) -> bool:
    if isinstance(given, Mapping):
        return _text(word, given["equals-ignore-case"].lower(), value.lower())
    if word == "prefix":
        return value.startswith(given)
    if word == "suffix":
        return value.endswith(given)
    if word == "wildcard":
        return fnmatchcase(value, given.replace("[", "[[]").replace("?", "[?]"))
    return word == "equals-ignore-case" and value.lower() == given.lower()


def _each(given: Any) -> list[Any]:
    """What `anything-but` excludes: values, or the texts of another comparison."""
    if not isinstance(given, Mapping):
        return given if isinstance(given, list) else [given]
    ((word, texts),) = given.items()
    return [{word: one} for one in (texts if isinstance(texts, list) else [texts])]


def _same_number(wanted: Any, value: Any) -> bool:
    return _is_number(wanted) and _is_number(value) and bool(wanted == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
