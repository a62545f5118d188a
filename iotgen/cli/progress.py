"""The progress of an apply on standard error: counting lines on a terminal, else a line for each kind."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iotgen.cli.console import say

if TYPE_CHECKING:
    from rich.table import Table

    from iotgen.review.progress import Progress
    from iotgen.review.review import Review
    from iotgen.terraform.stream import Step


@contextmanager
def progress(review: Review, *, full: bool) -> Iterator[Callable[[Step], None]]:
    """Show how far an apply of this review is; with `full`, Terraform's own output shows it."""
    from iotgen.review.progress import Progress

    counted = Progress(review, time.monotonic)
    if full or not sys.stderr.isatty():
        yield _Lines(counted)
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), get_renderable=lambda: _table(counted), refresh_per_second=4):
        yield lambda step: _take(counted, step)


def _take(counted: Progress, step: Step) -> None:
    counted.take(step)


def _table(counted: Progress) -> Table:
    from rich.table import Table

    table = Table.grid()
    for line in counted.lines:
        table.add_row(line.text)
    return table


class _Lines:
    """Prints a line when all steps of a kind are done, and once when they take long for a known reason."""

    def __init__(self, counted: Progress) -> None:
        self._counted = counted
        self._explained: set[str] = set()

    def __call__(self, step: Step) -> None:
        line = self._counted.take(step)
        if line is None:
            return
        waits = bool(line.why) and line.kind not in self._explained
        if waits:
            self._explained.add(line.kind)
        if waits or (line.finished and step.stage == "apply_complete"):
            say(f"  {line.text}")
