"""The rows that tables have, and the marks in each: looked for once, as it is written."""

from collections.abc import Callable
from typing import NamedTuple

from iotgen.prove.aws.dynamodb import Key, Stored, Table
from iotgen.prove.ledger import marks_in


class Row(NamedTuple):
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

    def _written(self, table: str, key: Key, stored: Stored | None) -> None:
        there = self.there[table]
        old, new = there.get(key), None
        if stored is None:
            there.pop(key, None)
        else:
            new = there[key] = Row(stored.form, marks_in(stored.form))
        self._heard(table, old, new)
