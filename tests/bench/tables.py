"""Tables of a benchmark's numbers, as lines of text."""

from collections.abc import Iterable, Iterator, Sequence

from tests.bench.limits import Limit

Row = tuple[str, Sequence[str]]


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Align a column of names and columns of numbers."""
    names = max(len(name) for name, _ in rows)
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in rows), strict=True)]
    for name, cells in rows:
        numbers = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"  {name.ljust(names)}  {numbers}".rstrip()


def limit_lines(held: Iterable[Limit]) -> Iterator[str]:
    """Show each limit, and whether it holds."""
    yield "Limits"
    rows = [
        (limit.name, [f"{limit.value:.3g}", f"{limit.at_most:.3g}", "ok" if limit.holds else "OVER"])
        for limit in held
    ]
    yield from lines([("", ["is", "at most", ""]), *rows])
