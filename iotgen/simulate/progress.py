"""The progress of a run: a bar on a terminal, otherwise a line every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from iotgen.simulate.ledger import Snapshot
from iotgen.simulate.report import percentile

# Seconds between two lines.
_LINES_APART = 5.0

Show = Callable[[Snapshot], None]


def described(snapshot: Snapshot, seconds: float) -> str:
    """A snapshot in words, without its number of readings."""
    rate = snapshot.sent / seconds if seconds > 0 else 0.0
    middle, slow = (percentile(sorted(snapshot.latencies), share) * 1000 for share in (0.5, 0.95))
    parts = [f"{rate:.0f} readings/s", f"p50 {middle:.0f} ms", f"p95 {slow:.0f} ms"]
    counts = {"rejected": snapshot.rejected, "unanswered": snapshot.unanswered, "retried": snapshot.waited}
    return ", ".join(parts + [f"{count} {label}" for label, count in counts.items() if count])


@contextmanager
def lines(say: Callable[[str], None], now: Callable[[], float] = time.monotonic) -> Iterator[Show]:
    """Print a line every few seconds, and one at the end."""
    started = printed_at = now()
    last: Snapshot | None = None

    def print_line(snapshot: Snapshot) -> None:
        say(f"{snapshot.sent} of {snapshot.planned} readings, {described(snapshot, now() - started)}")

    def show(snapshot: Snapshot) -> None:
        nonlocal printed_at, last
        last = snapshot
        if now() - printed_at >= _LINES_APART:
            printed_at = now()
            print_line(snapshot)

    yield show
    if last:
        print_line(last)


@contextmanager
def bar() -> Iterator[Show]:
    """Show a progress bar on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    # On a narrow terminal, the words are truncated.
    words = TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"))
    columns = (BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn(), words)
    started = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), expand=True) as progress:
        task = progress.add_task("", total=None)

        def show(snapshot: Snapshot) -> None:
            text = described(snapshot, time.monotonic() - started)
            progress.update(task, total=snapshot.planned, completed=snapshot.sent, description=text)

        yield show
