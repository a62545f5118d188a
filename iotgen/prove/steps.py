"""What is held at each write of a row, so that a history ends its story where a law is broken.

At the end of the history the same laws are held of all that is stored then.
"""

from collections.abc import Callable, Mapping

from iotgen.prove.laws import Place
from iotgen.prove.ledger import Ledger
from iotgen.prove.rows import Row


class Steps:
    """The breaches so far; `at` is called with the first."""

    def __init__(self, ledger: Ledger, places: Mapping[str, Place], at: Callable[[], None]) -> None:
        self.breaches: list[str] = []
        self._ledger, self._places, self._at = ledger, places, at

    def written(self, table: str, old: Row | None, new: Row | None) -> None:
        """Hold the laws of a row that is written."""
        if new is None:
            return
        for mark in new.marks:
            reading = self._ledger.sent.get(mark)
            if reading is None:
                self._breach(f"{table} has {mark}, which was never sent")
            elif reading.bad and self._places[reading.source].refuses:
                self._breach(f"{table} has {mark}, which cannot be taken")
        for mark in old.marks - new.marks if old else ():
            reading = self._ledger.sent.get(mark)
            if mark in self._ledger.promised and reading and table in self._places[reading.source].tables:
                others = ", ".join(sorted(new.marks)) or "what is no reading"
                self._breach(f"{mark} of {reading.device} was in {table}, and is replaced by {others}")

    def _breach(self, text: str) -> None:
        if not self.breaches:
            self._at()
        self.breaches.append(text)
