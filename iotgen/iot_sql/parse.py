"""A rule's SQL, parsed.

What AWS's pages leave open is taken: a statement that AWS takes must not be refused.
"""

from collections.abc import Callable

from iotgen.iot_sql.functions import ARGUMENTS, FOREIGN, wanted
from iotgen.iot_sql.statement import Fault, Invocation, Level, Query
from iotgen.iot_sql.tokens import Sort, SqlError, Token, tokens
from iotgen.spec.nearest import nearest

_CLAUSES = frozenset({"from", "where", "as", "then", "when", "else", "end", "and", "or", "in", "select"})
_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_NAMES = frozenset({Sort.WORD, Sort.TEXT, Sort.NUMBER})
_QUOTED = "Write the topic filter in single quotes: `FROM 'dt/+/telemetry'`."
_FUNCTIONS = "Use a function of AWS IoT, such as `timestamp()`, `newuuid()` or `topic(2)`."
# Deeper than any statement; a parser that descends must end somewhere.
_DEEPEST = 60


def parse(text: str) -> Query:
    """What is known of a statement."""
    parser = _Parser()
    return _known(parser, text, parser.statement)


def parse_expression(text: str) -> Query:
    """What is known of an expression alone, as in a substitution template."""
    parser = _Parser()
    return _known(parser, text, parser.expression)


def _known(parser: "_Parser", text: str, rule: Callable[[], None]) -> Query:
    try:
        parser.tokens = list(tokens(text))
        rule()
    except SqlError as error:
        parser.faults.append(error.fault)
    return Query(
        columns=tuple(parser.columns),
        whole=parser.whole,
        nested=tuple(parser.nested),
        bare=parser.bare,
        decodes=parser.decodes,
        topic=parser.topic,
        topic_at=parser.topic_at,
        levels=tuple(parser.levels),
        invocations=tuple(parser.invocations),
        names=frozenset(parser.names),
        faults=tuple(sorted(parser.faults, key=lambda fault: fault.at)),
    )


class _Parser:
    """A descent through the tokens, which notes what it finds."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.faults: list[Fault] = []
        self.columns: list[str] = []
        self.nested: list[tuple[str, ...]] = []
        self.whole = self.bare = self.decodes = False
        self.topic: str | None = None
        self.topic_at = 0
        self.levels: list[Level] = []
        self.invocations: list[Invocation] = []
        self.names: set[str] = set()
        self._next = 0
        self._depth = 0

    def statement(self) -> None:
        """The whole statement."""
        if self._word("set"):
            self._assignments()
        if not self._word("select"):
            raise self._unexpected("`SELECT`")
        self._items(outer=True)
        if self._word("from"):
            self._filter()
        if self._word("where"):
            self._expression()
        if self._here.sort is not Sort.END:
            raise self._left_over()

    def expression(self) -> None:
        """One expression, and nothing after it."""
        self._expression()
        if self._here.sort is not Sort.END:
            raise self._unexpected("the end")

    # Clauses.

    def _assignments(self) -> None:
        while True:
            self._advance()
            self._need("=")
            self._expression()
            if not self._sign(","):
                return

    def _items(self, *, outer: bool) -> None:
        while True:
            self._item(outer=outer)
            if not self._sign(","):
                return

    def _item(self, *, outer: bool) -> None:
        bare = self._begins_expression(1) and self._word("value")
        first = self._next
        star, nested = self._sign("*"), self._all_of()
        if not (star or nested):
            self._expression()
        alias = self._alias()
        if not outer:
            return
        self.bare = self.bare or bare
        if alias:
            self.columns.append(alias)
        elif star:
            self.whole = True
        elif nested:
            self.nested.append(nested)
        elif name := self._name_of(first):
            self.columns.append(name)

    def _all_of(self) -> tuple[str, ...]:
        """The path in `state.reported.*`, all that an object has; nothing where an item is another one.

        AWS's pages do not have it, but rules that AWS itself publishes do.
        https://github.com/awslabs/garnet-framework
        """
        names, ahead = [], 0
        while self._sign(".", ahead + 1, take=False):
            names.append(self._token(ahead))
            ahead += 2
        if not (names and self._sign("*", ahead, take=False)) or any(one.sort not in _NAMES for one in names):
            return ()
        self._next += ahead + 1
        return tuple(one.text for one in names)

    def _begins_expression(self, ahead: int) -> bool:
        """Whether an expression can begin at a token: VALUE may be a word, or the name of a column."""
        token = self._token(ahead)
        if token.sort is Sort.WORD:
            return token.text.lower() not in _CLAUSES
        return token.sort in (Sort.TEXT, Sort.NUMBER) or token.text in ("(", "[", "{", "*", "-")

    def _alias(self) -> str:
        """The first name after AS: `bar` in `AS bar.baz`."""
        if not self._word("as"):
            return ""
        name = self._advance(Sort.WORD, Sort.TEXT, what="a name after `AS`").text
        while self._sign("."):
            self._advance(Sort.WORD, Sort.TEXT, Sort.NUMBER, what="a name after the dot")
        return name

    def _name_of(self, first: int) -> str:
        """The name that an item without AS has: the last part of its path, or its function."""
        parts = self.tokens[first : self._next]
        if parts[-1].sort is Sort.WORD:
            return parts[-1].text
        return parts[0].text if parts[0].sort is Sort.WORD and len(parts) > 1 else ""

    def _filter(self) -> None:
        here = self._here
        if here.sort is not Sort.TEXT or here.quote != "'":
            raise SqlError(
                here.at, f"`FROM` takes a topic filter in single quotes, not {here.shown()}", _QUOTED
            )
        self._advance()
        self.topic, self.topic_at = here.text, here.at + 1

    # Expressions, from the loosest operator to the tightest.

    def _expression(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SqlError(self._here.at, "the expression is nested too deeply")
        self._conjunction()
        while self._word("or"):
            self._conjunction()
        self._depth -= 1

    def _conjunction(self) -> None:
        self._comparison()
        while self._word("and"):
            self._comparison()

    def _comparison(self) -> None:
        self._sum()
        while True:
            if self._here.sort is Sort.SIGN and self._here.text in _COMPARISONS:
                self._advance()
            elif self._is("not") and self._is("in", ahead=1):
                self._advance()
                self._advance()
            elif not (self._word("in") or self._word("like")):
                if not self._word("is"):
                    return
                self._word("not")
            self._sum()

    def _sum(self) -> None:
        self._product()
        while self._sign("+") or self._sign("-"):
            self._product()

    def _product(self) -> None:
        self._signed()
        while self._sign("*") or self._sign("/") or self._sign("%"):
            self._signed()

    def _signed(self) -> None:
        while self._sign("-") or self._sign("+") or self._word("not"):
            pass
        self._primary()
        while self._sign(".") or self._index():
            if self.tokens[self._next - 1].text == ".":
                self._advance(Sort.WORD, Sort.TEXT, Sort.NUMBER, what="a name after the dot")

    def _index(self) -> bool:
        if not self._sign("["):
            return False
        self._expression()
        self._need("]")
        return True

    def _primary(self) -> None:
        here = self._here
        if here.sort in (Sort.NUMBER, Sort.TEXT):
            self._advance()
        elif here.sort is Sort.WORD:
            self._named(here)
        elif self._sign("("):
            self._group()
        elif self._sign("["):
            self._several("]")
        elif self._sign("${"):
            self._expression()
            self._need("}")
        elif self._sign("{"):
            self._object()
        else:
            raise self._unexpected("an expression")

    def _named(self, here: Token) -> None:
        word = here.text.lower()
        opens = self._sign("(", ahead=1, take=False)
        if word == "case":
            self._advance()
            self._case()
        elif word == "exists":
            self._advance()
            self._primary()
        elif word in _CLAUSES and not opens:
            raise self._unexpected("an expression")
        else:
            self._advance()
            self.names.add(word)
            if self._sign("("):
                self._call(here)

    def _group(self) -> None:
        """What is in round brackets: an expression, several after IN, or a query of a nested object."""
        if self._word("select"):
            self._items(outer=False)
            if self._word("from"):
                self._expression()
            if self._word("where"):
                self._expression()
            self._need(")")
        else:
            self._several(")")

    def _several(self, end: str) -> int:
        """Expressions up to the `end`; how many."""
        if self._sign(end):
            return 0
        count = 0
        while True:
            if not (self._sign("*")):
                self._expression()
            count += 1
            if self._word("as"):  # cast(x as Decimal)
                self._advance(Sort.WORD, what="a type after `AS`")
            if not self._sign(","):
                break
        self._need(end)
        return count

    def _object(self) -> None:
        while not self._sign("}"):
            self._advance(Sort.TEXT, Sort.WORD, what="a key in quotes")
            self._need(":")
            self._expression()
            if not self._sign(","):
                self._need("}")
                return

    def _case(self) -> None:
        if not self._is("when"):
            self._expression()
        if not self._is("when"):
            raise self._unexpected("`WHEN`")
        while self._word("when"):
            self._expression()
            self._need_word("then")
            self._expression()
        if self._word("else"):
            self._expression()
        self._need_word("end")

    def _call(self, function: Token) -> None:
        name = function.text.lower()
        first = self._here
        count = self._several(")")
        if name in ("encode", "decode"):
            self.decodes = True
        if name == "topic" and count and first.sort is Sort.NUMBER and first.text.isdigit():
            self.levels.append(Level(int(first.text), function.at))
        if name == "aws_lambda" and first.sort is Sort.TEXT:
            self.invocations.append(Invocation(first.text, first.at + 1))
        if name not in ARGUMENTS:
            meant = FOREIGN.get(name) or nearest(name, ARGUMENTS)
            suggestion = f"; did you mean `{meant}`?" if meant else ""
            message = f"`{function.text}` is not a function of IoT SQL{suggestion}"
            self.faults.append(Fault(function.at, message, _FUNCTIONS))
            return
        least, most = ARGUMENTS[name]
        if not least <= count <= most:
            given = f"{count} argument{'s' if count != 1 else ''}" if count else "none"
            message = f"`{function.text}` takes {wanted(name)}, and is given {given}"
            self.faults.append(Fault(function.at, message, f"Give it {wanted(name)}."))

    # Tokens.

    def _token(self, ahead: int) -> Token:
        return self.tokens[min(self._next + ahead, len(self.tokens) - 1)]

    @property
    def _here(self) -> Token:
        return self.tokens[self._next]

    def _is(self, word: str, ahead: int = 0) -> bool:
        token = self._token(ahead)
        return token.sort is Sort.WORD and token.text.lower() == word

    def _word(self, word: str) -> bool:
        found = self._is(word)
        self._next += found
        return found

    def _sign(self, sign: str, ahead: int = 0, *, take: bool = True) -> bool:
        token = self._token(ahead)
        found = token.sort is Sort.SIGN and token.text == sign
        self._next += found and take
        return found

    def _advance(self, *sorts: Sort, what: str = "") -> Token:
        here = self._here
        if here.sort is Sort.END or (sorts and here.sort not in sorts):
            raise self._unexpected(what or "more")
        self._next += 1
        return here

    def _need(self, sign: str) -> None:
        if not self._sign(sign):
            raise self._unexpected(f"`{sign}`")

    def _need_word(self, word: str) -> None:
        if not self._word(word):
            raise self._unexpected(f"`{word.upper()}`")

    def _unexpected(self, wanted: str) -> SqlError:
        return SqlError(self._here.at, f"expected {wanted}, not {self._here.shown()}")

    def _left_over(self) -> SqlError:
        here = self._here
        clause = nearest(here.text.lower(), ("from", "where")) if here.sort is Sort.WORD else None
        if clause:
            return SqlError(
                here.at, f"expected a clause, not {here.shown()}; did you mean `{clause.upper()}`?"
            )
        after = "the end" if self.topic is not None else "`,` or `FROM`"
        return self._unexpected(after)
