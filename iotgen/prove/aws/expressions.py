"""DynamoDB's expressions: conditions, updates and projections, compiled once each.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

Item = dict[str, Any]
Names = Mapping[str, str]
Values = Mapping[str, Any]


class Scope(NamedTuple):
    """What an expression is evaluated with."""

    item: Item
    names: Names
    values: Values


Operand = Callable[[Scope], Any]
Condition = Callable[[Scope], bool]

_TOKEN = re.compile(r"\s*(?:(?P<word>[#:]?[A-Za-z0-9_\-]+)|(?P<sign><>|<=|>=|[=<>(),.\[\]+\-]))", re.ASCII)
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "<>": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}
_ORDERED = ("S", "N", "B")


class ExpressionError(ValueError):
    """An expression that DynamoDB would refuse."""


@lru_cache(maxsize=1000)
def condition(text: str) -> Condition:
    """The condition that an expression states."""
    parser = _Parser(text)
    compiled = parser.disjunction()
    parser.end()
    return compiled


@lru_cache(maxsize=1000)
def update(text: str) -> Callable[[Item, Names, Values], Item]:
    """The update that an expression states; it gives a new item."""
    parser = _Parser(text)
    steps = parser.clauses()
    parser.end()

    def apply(item: Item, names: Names, values: Values) -> Item:
        scope = Scope(item, names, values)
        changed = dict(item)
        for step in steps:
            step(changed, scope)
        return changed

    return apply


@lru_cache(maxsize=1000)
def projection(text: str) -> Callable[[Item, Names], Item]:
    """The part of an item that an expression names; only whole attributes and parts of maps."""
    paths = [_Parser(part).path() for part in text.split(",")]

    def project(item: Item, names: Names) -> Item:
        part: Item = {}
        for path in paths:
            value = _get(item, path, names)
            if value is not None:
                _set(part, path, names, value)
        return part

    return project


def comparable(value: Any) -> Any:
    """An attribute value as a Python value that compares as DynamoDB compares."""
    ((kind, content),) = value.items()
    return (kind, Decimal(content)) if kind == "N" else (kind, content)


def _compare(sign: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return sign == "<>"  # what is not there is equal to nothing
    first, second = comparable(left), comparable(right)
    if first[0] != second[0]:
        return sign == "<>"
    if sign not in ("=", "<>") and first[0] not in _ORDERED:
        return False
    return _COMPARISONS[sign](first[1], second[1])


Path = Sequence[str | int]


class _Parser:
    """A parser by recursive descent: the grammar is small."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise ExpressionError(f"`{self._text}` does not end where it should")

    def disjunction(self) -> Condition:
        parts = [self._conjunction()]
        while self._taken("OR"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda scope: any(part(scope) for part in parts)

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self._taken("AND"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda scope: all(part(scope) for part in parts)

    def _negation(self) -> Condition:
        if self._taken("NOT"):
            inner = self._negation()
            return lambda scope: not inner(scope)
        return self._term()

    def _term(self) -> Condition:
        if self._taken("("):
            inner = self.disjunction()
            self._expect(")")
            return inner
        function = _FUNCTIONS.get(self._peek().lower()) if self._peek(1) == "(" else None
        if function:
            self._next()
            return function(self._arguments())
        return self._comparison(self._operand())

    def _comparison(self, left: Operand) -> Condition:
        if self._taken("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            high = self._operand()
            return lambda scope: (
                _compare(">=", left(scope), low(scope)) and _compare("<=", left(scope), high(scope))
            )
        if self._taken("IN"):
            among = self._arguments()
            return lambda scope: any(_compare("=", left(scope), one(scope)) for one in among)
        sign = self._next()
        if sign not in _COMPARISONS:
            raise ExpressionError(f"`{self._text}` has `{sign}` where a comparison should be")
        right = self._operand()
        return lambda scope: _compare(sign, left(scope), right(scope))

    def _arguments(self) -> list[Operand]:
        self._expect("(")
        arguments = [self._operand()]
        while self._taken(","):
            arguments.append(self._operand())
        self._expect(")")
        return arguments

    def _operand(self) -> Operand:
        word = self._peek()
        if word.startswith(":"):
            self._next()
            return lambda scope: _value(scope.values, word)
        if word.lower() == "size" and self._peek(1) == "(":
            self._next()
            (argument,) = self._arguments()
            return lambda scope: _size(argument(scope))
        path = self.path()
        return lambda scope: _get(scope.item, path, scope.names)

    def path(self) -> Path:
        parts: list[str | int] = [self._next()]
        while self._peek() in (".", "["):
            if self._next() == ".":
                parts.append(self._next())
            else:
                parts.append(int(self._next()))
                self._expect("]")
        return parts

    def clauses(self) -> list[Callable[[Item, Scope], None]]:
        steps: list[Callable[[Item, Scope], None]] = []
        while self._at < len(self._tokens):
            clause = self._next().upper()
            if clause not in ("SET", "REMOVE", "ADD", "DELETE"):
                raise ExpressionError(f"`{self._text}` has `{clause}` where a clause should be")
            steps.append(self._step(clause))
            while self._taken(","):
                steps.append(self._step(clause))
        return steps

    def _step(self, clause: str) -> Callable[[Item, Scope], None]:
        path = self.path()
        if clause == "SET":
            self._expect("=")
            value = self._sum()
            return lambda item, scope: _set(item, path, scope.names, value(scope))
        if clause == "REMOVE":
            return lambda item, scope: _remove(item, path, scope.names)
        operand = self._operand()
        combine = _added if clause == "ADD" else _deleted
        return lambda item, scope: _set(
            item, path, scope.names, combine(_get(scope.item, path, scope.names), operand(scope))
        )

    def _sum(self) -> Operand:
        left = self._addend()
        sign = self._peek()
        if sign not in ("+", "-"):
            return left
        self._next()
        right = self._addend()
        factor = 1 if sign == "+" else -1
        return lambda scope: {"N": str(_number(left(scope)) + factor * _number(right(scope)))}

    def _addend(self) -> Operand:
        name = self._peek().lower()
        if name in ("if_not_exists", "list_append") and self._peek(1) == "(":
            self._next()
            first, second = self._arguments()
            if name == "if_not_exists":
                return lambda scope: second(scope) if first(scope) is None else first(scope)
            return lambda scope: {"L": [*first(scope)["L"], *second(scope)["L"]]}
        return self._operand()

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise ExpressionError(f"`{self._text}` ends too early")
        self._at += 1
        return token

    def _taken(self, word: str) -> bool:
        if self._peek().upper() != word:
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._taken(sign):
            raise ExpressionError(f"`{self._text}` lacks a `{sign}`")


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ExpressionError(f"`{text}` has a character that no expression has")
        tokens.append(match["word"] or match["sign"])
        at = match.end()
    return tokens


def _value(values: Values, name: str) -> Any:
    if name not in values:
        raise ExpressionError(f"`{name}` is not among the values")
    return values[name]


def _name(part: str | int, names: Names) -> str | int:
    if isinstance(part, str) and part.startswith("#"):
        if part not in names:
            raise ExpressionError(f"`{part}` is not among the names")
        return names[part]
    return part


def _get(item: Item, path: Path, names: Names) -> Any:
    value: Any = {"M": item}
    for part in path:
        name = _name(part, names)
        inner = value.get("L" if isinstance(name, int) else "M")
        if inner is None or (name >= len(inner) if isinstance(name, int) else name not in inner):
            return None
        value = inner[name]
    return value


def _set(item: Item, path: Path, names: Names, value: Any) -> None:
    if value is None:
        raise ExpressionError("an attribute that is not there has no value to set")
    *parents, last = [_name(part, names) for part in path]
    at: Any = item
    for part in parents:
        inner = dict(at.get(part, {"M": {}})["M"])
        at[part] = {"M": inner}
        at = inner
    at[last] = value


def _remove(item: Item, path: Path, names: Names) -> None:
    *parents, last = [_name(part, names) for part in path]
    at: Any = item
    for part in parents:
        if part not in at:
            return
        inner = dict(at[part]["M"])
        at[part] = {"M": inner}
        at = inner
    at.pop(last, None)


def _number(value: Any) -> Decimal:
    if not isinstance(value, Mapping) or "N" not in value:
        raise ExpressionError("only numbers can be added")
    return Decimal(value["N"])


def _added(there: Any, value: Any) -> Any:
    if "N" in value:
        return {"N": str(_number(there or {"N": "0"}) + _number(value))}
    ((kind, members),) = value.items()
    return {kind: sorted({*(there or {}).get(kind, ()), *members})}


def _deleted(there: Any, value: Any) -> Any:
    ((kind, members),) = value.items()
    return {kind: sorted({*(there or {}).get(kind, ())} - {*members})}


def _size(value: Any) -> Any:
    if value is None:
        return None
    ((_, content),) = value.items()
    return {"N": str(len(content.encode() if isinstance(content, str) else content))}


def _contains(whole: Any, part: Any) -> bool:
    if whole is None or part is None:
        return False
    ((kind, content),) = whole.items()
    ((_, wanted),) = part.items()
    return part in content if kind == "L" else wanted in content


def _begins(text: Any, start: Any) -> bool:
    if text is None or start is None:
        return False
    ((kind, content),) = text.items()
    ((_, wanted),) = start.items()
    return kind in ("S", "B") and content.startswith(wanted)


_FUNCTIONS: Mapping[str, Callable[[list[Operand]], Condition]] = {
    "attribute_exists": lambda given: lambda scope: given[0](scope) is not None,
    "attribute_not_exists": lambda given: lambda scope: given[0](scope) is None,
    "attribute_type": lambda given: lambda scope: given[1](scope)["S"] in (given[0](scope) or {}),
    "begins_with": lambda given: lambda scope: _begins(given[0](scope), given[1](scope)),
    "contains": lambda given: lambda scope: _contains(given[0](scope), given[1](scope)),
}


def size_of(item: Item) -> int:
    """About the bytes of an item, as DynamoDB counts them.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _size_of(value) for name, value in item.items())


def _size_of(value: Any) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else len(content.encode())
    if kind == "N":
        return len(content) // 2 + 1
    if kind == "M":
        return 3 + size_of(content) + len(content)
    if kind == "L":
        return 3 + sum(1 + _size_of(one) for one in content)
    if kind in ("SS", "NS", "BS"):
        return 3 + sum(_size_of({kind[0]: one}) for one in content)
    return len(content) if kind == "B" else 1
