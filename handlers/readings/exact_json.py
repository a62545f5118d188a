"""JSON with exact numbers: no float is made on the way in or out.

DynamoDB keeps 38 significant digits and boto3 refuses floats, so a number is an `int` where it is whole and
a `Decimal` otherwise. One number has one form (25.50 and 25.5, 1e2 and 100): equal contents, equal text.

A key that an object has twice is refused, since JSON leaves open which of the two counts. A byte order mark
in front is dropped, as RFC 8259 allows.
"""

import codecs
import json
from collections import Counter
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal
from json.encoder import encode_basestring_ascii as _quote
from typing import Any, Never

MAX_DIGITS = 38
MAX_DEPTH = 32

# DynamoDB ends at 1E-130 and 9.9E+125; 120 leaves room for the arithmetic that comes after.
_EXPONENT = 120
_MAX_LITERAL = 200
_LONGEST_NAME = 64
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTEXT = Context(
    prec=MAX_DIGITS,
    Emin=-_EXPONENT,
    Emax=_EXPONENT,
    traps=[Inexact, InvalidOperation, Overflow, Subnormal],
)


class Written(str):
    """A text that is JSON already, which is written as it stands."""


class JsonError(ValueError):
    """A text that is not JSON, or has a value that cannot be kept exactly; the message may go to clients."""


def loads(text: str | bytes) -> Any:
    """Parse JSON; raise JsonError."""
    try:
        text = text.decode() if isinstance(text, bytes) else text
        return _decode(text.removeprefix("\ufeff"))
    except JsonError:
        raise
    except UnicodeDecodeError:
        encoding = "UTF-16, not UTF-8" if text[:2] in _UTF_16 else "not UTF-8"
        raise JsonError(f"the text is {encoding}") from None
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise JsonError("nested too deeply") from None


def dumps(value: Any, *, sort_keys: bool = False) -> str:
    """Write JSON in ASCII, without spaces; raise JsonError for what is nested deeper than MAX_DEPTH.

    ASCII because SQS refuses some characters that JSON allows.
    """
    return _dump(value, sort_keys, MAX_DEPTH)


def _dump(value: Any, sort_keys: bool, depth: int) -> str:
    write = _SCALARS.get(type(value))
    if write:
        return write(value)
    if depth == 0:
        raise JsonError(f"nested deeper than {MAX_DEPTH} levels")
    # A scalar is written in place: a call for each takes as long again.
    scalar = _SCALARS.get
    if isinstance(value, dict):
        pairs = sorted(value.items()) if sort_keys else value.items()
        written = [
            f"{_quote(k)}:{write(v) if (write := scalar(type(v))) else _dump(v, sort_keys, depth - 1)}"
            for k, v in pairs
        ]
        return "{" + ",".join(written) + "}"
    if isinstance(value, (list, tuple)):
        written = [write(v) if (write := scalar(type(v))) else _dump(v, sort_keys, depth - 1) for v in value]
        return "[" + ",".join(written) + "]"
    raise TypeError(f"{type(value).__name__} has no JSON form")


def is_unicode(text: str) -> bool:
    """Whether JSON text has no half of a surrogate pair, which no UTF-8 and so no table can hold."""
    if "\\ud" not in text:
        return True
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(number: Decimal) -> str:
    text = str(number)
    return format(number, "f") if "E" in text and -10 < number.adjusted() < MAX_DIGITS else text


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: _quote,
    int: repr,
    Decimal: _plain,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    Written: str,
}


def _integer(literal: str) -> int | Decimal:
    return int(literal) if len(literal) < MAX_DIGITS else _number(literal)


def _decimal(literal: str) -> int | Decimal:
    # Most are short and have no exponent: without a zero at the end they are in their one form already.
    if len(literal) < MAX_DIGITS and literal[-1] != "0" and "e" not in literal and "E" not in literal:
        return Decimal(literal)
    return _number(literal)


def _number(literal: str) -> int | Decimal:
    if len(literal) > _MAX_LITERAL:
        raise JsonError(f"a number of more than {MAX_DIGITS} digits")
    try:
        number = _CONTEXT.create_decimal(literal).normalize(_CONTEXT)
    except Inexact:
        raise JsonError(
            f"the number {literal[:50]} has more than {MAX_DIGITS} digits or is too large"
        ) from None
    except DecimalException:
        raise JsonError(f"the number {literal[:50]} is too large or too small") from None
    if number.adjusted() < MAX_DIGITS and number == number.to_integral_value():
        return int(number)
    return number


def _refuse_constant(name: str) -> Never:
    raise JsonError(f"{name} is not a number that JSON knows")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise JsonError(f"the key {_quote(name[:_LONGEST_NAME])} appears twice in one object")
    return made


# Made once: `json.loads` makes a decoder for each text.
_decode = json.JSONDecoder(
    parse_int=_integer, parse_float=_decimal, parse_constant=_refuse_constant, object_pairs_hook=_object
).decode
