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

# Without a terminal, what takes long gets another line after so many seconds.
_PAUSE = 30


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
    """Prints a line when all steps of a kind are done, and while they take long."""

    def __init__(self, counted: Progress) -> None:
        self._counted = counted
        self._printed: dict[str, float] = {}

    def __call__(self, step: Step) -> None:
        line = self._counted.take(step)
        if line is None:
            return
        last = self._printed.get(line.kind)
        long = line.seconds - (last or 0) >= _PAUSE or (bool(line.why) and last is None)
        if (step.stage == "apply_complete" and line.finished) or (step.stage == "apply_progress" and long):
            self._printed[line.kind] = line.seconds
            say(f"  {line.text}")
