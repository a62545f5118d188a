"""What is held at each write of a row, so that a history ends its story where a law is broken.

At the end of the history the same laws are held of all that is stored then.
"""

from collections.abc import Callable, Mapping
from typing import Any

from iotgen.prove.laws import Place
from iotgen.prove.ledger import Ledger, form, marks_in
from iotgen.prove.world import World


class Steps:
    """The breaches so far; `at` is called with the first."""

    def __init__(
        self, world: World, ledger: Ledger, places: Mapping[str, Place], at: Callable[[], None]
    ) -> None:
        self.breaches: list[str] = []
        self._ledger, self._places, self._at = ledger, places, at
        for table in world.account.tables.values():
            table.heard.append(lambda old, new, name=table.name: self._written(name, old, new))  # type: ignore[misc]

    def _written(self, table: str, old: Any, new: Any) -> None:
        if new is None:
            return
        marks = marks_in(form(new))
        for mark in marks:
            reading = self._ledger.sent.get(mark)
            if reading is None:
                self._breach(f"{table} has {mark}, which was never sent")
            elif reading.bad and self._places[reading.source].refuses:
                self._breach(f"{table} has {mark}, which cannot be taken")
        for mark in marks_in(form(old)) - marks if old else ():
            reading = self._ledger.sent.get(mark)
            if mark in self._ledger.promised and reading and table in self._places[reading.source].tables:
                others = ", ".join(sorted(marks)) or "what is no reading"
                self._breach(f"{mark} of {reading.device} was in {table}, and is replaced by {others}")

    def _breach(self, text: str) -> None:
        if not self.breaches:
            self._at()
        self.breaches.append(text)
