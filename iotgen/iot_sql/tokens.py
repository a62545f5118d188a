"""The words and signs of a statement, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from iotgen.iot_sql.statement import Fault


class Sort(StrEnum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A token; `text` is as written, or what is between the quotes."""

    sort: Sort
    text: str
    at: int
    quote: str = ""

    def shown(self) -> str:
        """The token in a message."""
        return "the end" if self.sort is Sort.END else f"`{self.quote}{self.text}{self.quote}`"


_FORM = "Write it as `SELECT *, topic(2) AS device FROM 'dt/+/telemetry' WHERE level > 3`."


class SqlError(Exception):
    """The first fault of a statement, after which nothing more is known."""

    def __init__(self, at: int, message: str, hint: str = _FORM) -> None:
        super().__init__(message)
        self.fault = Fault(at, message, hint)


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>@?[^\W\d]\w*)
    |(?P<sign>\$\{|<>|!=|<=|>=|[-+*/%=<>().,:\[\]{}])""",
    re.VERBOSE,
)

# Signs of other languages, and what stands for them.
_FOREIGN = {"==": "=", "&&": "AND", "||": "OR", "!": "NOT", "`": "'"}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a statement, and one for its end; SqlError for a sign that is none of SQL's."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or text.startswith("==", at):
            raise _unknown(text, at)
        kind, written = str(match.lastgroup), match.group()
        if kind == "text":
            quote = written[0]
            yield Token(Sort.TEXT, written[1:-1].replace(quote * 2, quote), at, quote)
        elif kind != "space":
            yield Token(Sort(kind), written, at)
        at = match.end()
    yield Token(Sort.END, "", len(text))


def _unknown(text: str, at: int) -> SqlError:
    if text[at] in "'\"":
        return SqlError(
            at, f"the text that begins with {text[at]} does not end", "Close it with the same quote."
        )
    for sign, meant in _FOREIGN.items():
        if text.startswith(sign, at):
            return SqlError(at, f"`{sign}` is not a sign of IoT SQL; did you mean `{meant}`?")
    if text[at] == ";":
        return SqlError(at, "`;` is not a sign of IoT SQL", "Remove it: a rule has one statement.")
    return SqlError(at, f"`{text[at]}` is not a sign of IoT SQL")
