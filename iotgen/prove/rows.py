"""The rows that tables have, each in a form in which texts are found at once: made once, as it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from iotgen.prove.aws.dynamodb import Key, Table
from iotgen.prove.aws.expressions import Item
from iotgen.prove.ledger import form, marks_in


@dataclass(frozen=True, slots=True)
class Row:
    """A row's form, and the marks in it."""

    form: bytes
    marks: set[str]


Heard = Callable[[str, Row | None, Row | None], None]


class Rows:
    """The rows of all tables that are there, by the tables' names and by keys.

    `heard` is told of each change: in which table, what was there, and what is there now.
    """

    def __init__(self, tables: dict[str, Table], heard: Heard) -> None:
        self.there: dict[str, dict[Key, Row]] = {name: {} for name in tables}
        self._heard = heard
        for table in tables.values():
            table.heard.append(
                lambda key, _, new, name=table.name: self._written(name, key, new)  # type: ignore[misc]
            )

    def _written(self, table: str, key: Key, item: Item | None) -> None:
        there = self.there[table]
        old, new = there.get(key), None
        if item is None:
            there.pop(key, None)
        else:
            written = form(item)
            new = there[key] = Row(written, marks_in(written))
        self._heard(table, old, new)
