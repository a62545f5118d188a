"""The SQL of a rule of AWS IoT, as far as it is simulated: columns, paths, comparisons and some functions.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from iotgen.iot_sql.tokens import Sort, SqlError, Token, tokens


@dataclass(frozen=True, slots=True)
class Published:
    """A message as a rule sees it: its document, its topic, who published it, when in milliseconds."""

    document: Any
    topic: str
    client: str
    at: int


# What an attribute is that the message does not have.
UNDEFINED: Final = object()

Select = Callable[[Published], Any]


class UnknownSqlError(Exception):
    """A statement that has more than what is simulated."""


def _level(message: Published, number: Any) -> Any:
    """A level of the topic, counted from 1.

    https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-function-topic
    """
    levels = message.topic.split("/")
    return levels[number - 1] if 1 <= number <= len(levels) else UNDEFINED


_FUNCTIONS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("topic", 0): lambda message: message.topic,
    ("topic", 1): _level,
    ("timestamp", 0): lambda message: message.at,
    ("clientid", 0): lambda message: message.client,
    ("isundefined", 1): lambda _, value: value is UNDEFINED,
    ("isnull", 1): lambda _, value: value is None,
    ("lower", 1): lambda _, value: value.lower() if isinstance(value, str) else UNDEFINED,
    ("upper", 1): lambda _, value: value.upper() if isinstance(value, str) else UNDEFINED,
}
_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_LITERALS = {"true": True, "false": False, "null": None}
_RESERVED = frozenset({"as", "from", "where", "and", "or", "not", "value", "case", "in", "exists", "select"})


@cache
def compiled(sql: str) -> Select:
    """What a statement makes of a message: UNDEFINED where its condition does not hold.

    UnknownSqlError where it has more than what is simulated.
    """
    try:
        return _Compiler(list(tokens(sql))).statement()
    except SqlError as error:
        raise UnknownSqlError(error.fault.message) from error


class _Compiler:
    """A descent through the tokens, which makes a function of each expression."""

    def __init__(self, there: list[Token]) -> None:
        self._tokens, self._next = there, 0

    def statement(self) -> Select:
        """The whole statement."""
        self._need("select")
        columns = [self._column()]
        while self._takes(","):
            columns.append(self._column())
        if self._takes("from"):
            self._advance()
        condition = self._or() if self._takes("where") else _always
        if self._here.sort is not Sort.END:
            raise self._unknown()
        return lambda message: _row(columns, message) if condition(message) is True else UNDEFINED

    def _column(self) -> tuple[str, Select]:
        """A column's name and value; all of the message, or of an object in it, has no name."""
        if self._takes("*"):
            return "", lambda message: message.document
        first = self._next
        value = self._or()
        last = self._tokens[self._next - 1]
        if self._tokens[self._next].text == "." and self._tokens[self._next + 1].text == "*":
            self._next += 2
            return "", value
        if self._takes("as"):
            return self._advance().text, value
        if last.sort is Sort.WORD:
            return last.text, value
        return self._tokens[first].text, value

    def _or(self) -> Select:
        left = self._and()
        while self._takes("or"):
            left = _either(left, self._and())
        return left

    def _and(self) -> Select:
        left = self._not()
        while self._takes("and"):
            left = _both(left, self._not())
        return left

    def _not(self) -> Select:
        if self._takes("not"):
            inner = self._not()
            return lambda message: inner(message) is not True
        return self._comparison()

    def _comparison(self) -> Select:
        left = self._value()
        sign = _COMPARISONS.get(self._here.text) if self._here.sort is Sort.SIGN else None
        if sign is None:
            return left
        self._advance()
        return _compared(sign, left, self._value())

    def _value(self) -> Select:
        here = self._advance()
        if here.sort is Sort.NUMBER:
            number = float(here.text) if set(here.text) & set(".eE") else int(here.text)
            return lambda _: number
        if here.sort is Sort.TEXT and here.quote == "'":
            return lambda _: here.text
        if here.text == "(":
            inner = self._or()
            self._need(")")
            return inner
        if here.sort is not Sort.WORD or here.text.lower() in _RESERVED:
            raise self._unknown(here)
        if here.text.lower() in _LITERALS:
            literal = _LITERALS[here.text.lower()]
            return lambda _: literal
        return self._call(here) if self._takes("(") else self._path(here)

    def _path(self, first: Token) -> Select:
        names = [first.text]
        while self._here.text == "." and self._tokens[self._next + 1].text != "*":
            self._advance()
            names.append(self._advance().text)
        return lambda message: _at(message.document, names)

    def _call(self, name: Token) -> Select:
        arguments: list[Select] = []
        while not self._takes(")"):
            arguments.append(self._or())
            self._takes(",")
        function = _FUNCTIONS.get((name.text.lower(), len(arguments)))
        if function is None:
            raise self._unknown(name)
        return lambda message: function(message, *(one(message) for one in arguments))

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _takes(self, text: str) -> bool:
        here = self._here
        found = here.sort in (Sort.SIGN, Sort.WORD) and here.text.lower() == text
        self._next += found
        return found

    def _need(self, text: str) -> None:
        if not self._takes(text):
            raise self._unknown()

    def _advance(self) -> Token:
        if self._here.sort is Sort.END:
            raise self._unknown()
        self._next += 1
        return self._tokens[self._next - 1]

    def _unknown(self, token: Token | None = None) -> UnknownSqlError:
        return UnknownSqlError(f"{(token or self._here).shown()} is not simulated")


def _always(_message: Published) -> bool:
    return True


def _row(columns: Sequence[tuple[str, Select]], message: Published) -> dict[str, Any]:
    """The columns that the message has: what is undefined is left out."""
    result: dict[str, Any] = {}
    for name, value in columns:
        found = value(message)
        if name and found is not UNDEFINED:
            result[name] = found
        elif not name and isinstance(found, dict):
            result |= found
    return result


def _at(document: Any, names: list[str]) -> Any:
    for name in names:
        if not isinstance(document, dict) or name not in document:
            return UNDEFINED
        document = document[name]
    return document


def _either(left: Select, right: Select) -> Select:
    return lambda message: left(message) is True or right(message) is True


def _both(left: Select, right: Select) -> Select:
    return lambda message: left(message) is True and right(message) is True


def _compared(sign: Callable[[Any, Any], Any], left: Select, right: Select) -> Select:
    def compare(message: Published) -> Any:
        one, other = left(message), right(message)
        if one is UNDEFINED or other is UNDEFINED:
            return UNDEFINED
        try:
            return sign(one, other)
        except TypeError:
            return UNDEFINED

    return compare
