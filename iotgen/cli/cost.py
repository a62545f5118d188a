"""The command that estimates a bill: cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.compare import side, since
from iotgen.cli.console import print_json
from iotgen.cli.environment import sound
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iotgen.compare import Side
    from iotgen.cost import Bill, Load, PriceList
    from iotgen.model.pipeline import Pipeline

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """A time such as 5m, in seconds."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)([smhd]?)", value.strip())
    seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not seconds:
        raise click.BadParameter(f"{value!r} is not a time such as 30s, 5m, 1h or 1d")
    return seconds


devices = click.option(
    "--devices", type=click.IntRange(1, 10**9), default=100, show_default=True, help="How many devices."
)
every = click.option(
    "--every",
    callback=seconds,
    default="60s",
    show_default=True,
    help="The time between two readings of a device.",
)


@click.command()
@options.spec
@options.suffix
@devices
@every
@click.option(
    "--batch",
    type=click.IntRange(1, 10_000),
    default=1,
    show_default=True,
    help="How many readings a request or an object holds.",
)
@click.option(
    "--bytes",
    "reading_bytes",
    type=click.IntRange(1, 1_000_000),
    default=152,
    show_default=True,
    help="The size of a reading as JSON.",
)
@click.option(
    "--queries", type=click.FloatRange(0, 1e12), default=1000, show_default=True, help="Queries a day."
)
@click.option(
    "--to",
    show_default="the first that takes readings",
    help="The endpoint, queue or bucket that readings arrive at.",
)
@click.option("--diff", "rev", help="Compare with this git revision of the spec.")
@click.option(
    "--prices",
    type=click.Path(path_type=Path, dir_okay=False),
    show_default="that of iotgen",
    help="The price list.",
)
@click.option("--free-tier", is_flag=True, help="Leave out what AWS gives every account for nothing.")
@options.results()
def cost(
    spec: Path,
    suffix: str,
    rev: str | None,
    prices: Path | None,
    free_tier: bool,
    form: str,
    **given: Any,
) -> None:
    """Estimate the bill of a month.

    What the reference handlers use is measured. What other functions use is assumed from their access.
    """
    from iotgen.cost import Load

    estimate = _Estimate(Load(**given), _price_list(prices), free_tier)
    if rev is not None:
        with since(rev, spec, suffix) as (before, after):
            estimate.print_difference(before, after, form)
        return
    checked, _ = sound(spec, suffix)
    estimate.print_bill(side(checked, suffix), form)


class _Estimate:
    """What one command estimates, and how it prints that."""

    def __init__(self, load: Load, prices: PriceList, free_tier: bool) -> None:
        self._load, self._prices, self._free_tier = load, prices, free_tier

    def print_bill(self, side: Side, form: str) -> None:
        """Print a bill, what would save, and what is assumed."""
        from iotgen.cost import savings
        from iotgen.cost.data import assumption_data, bill_data, saving_data

        same = unchanged(side)

        def pay(pipeline: Pipeline, load: Load) -> Bill:
            return self._pay(pipeline, load, same)

        bill = pay(side.pipeline, self._load)
        found = savings(side.pipeline, self._load, pay)
        if form == "json":
            assumed = assumption_data(self._load, self._prices)
            print_json({**bill_data(bill), "savings": saving_data(found), "assumed": assumed})
            return
        from iotgen.cost.text import assumption_lines, bill_lines, saving_lines

        lines = (
            *bill_lines(bill, self._load, self._prices, side.pipeline.region),
            "",
            *saving_lines(found),
            "",
            *assumption_lines(bill, self._load, self._prices),
        )
        click.echo("\n".join(lines))

    def print_difference(self, before: Side, after: Side, form: str) -> None:
        """Print the bills of two sides beside each other."""
        from iotgen.cost.data import assumption_data, bill_data
        from iotgen.cost.text import assumption_lines, difference_lines

        old, new = (self._pay(one.pipeline, self._load, unchanged(one)) for one in (before, after))
        if form == "json":
            assumed = assumption_data(self._load, self._prices)
            print_json({"before": bill_data(old), "after": bill_data(new), "assumed": assumed})
            return
        lines = difference_lines(old, new, (before.label, after.label))
        click.echo("\n".join((*lines, "", *assumption_lines(new, self._load, self._prices))))

    def _pay(self, pipeline: Pipeline, load: Load, unchanged: frozenset[str]) -> Bill:
        from iotgen.cost import bill, read_measured

        return bill(pipeline, load, read_measured(), self._prices, unchanged, free_tier=self._free_tier)


def _price_list(path: Path | None) -> PriceList:
    from iotgen.cost import read_prices
    from iotgen.cost.prices import price_list
    from iotgen.reading import read_bytes
    from iotgen.system import explained

    if path is None:
        return read_prices()
    with explained("read", path):
        return price_list(read_bytes(path).decode("utf-8"))


def unchanged(side: Side) -> frozenset[str]:
    """The functions whose code is that of the reference handlers, byte by byte."""
    return frozenset(_as_in_reference(side))


def _as_in_reference(side: Side) -> Iterator[str]:
    from iotgen import bundled
    from iotgen.kinds.functions import Function
    from iotgen.package import file_digests

    root = bundled.reference()
    for function in side.pipeline.all(Function):
        if not function.source:
            continue
        try:
            included = [root / name for name in function.include]
            reference = file_digests(root / function.source, included, root)
        except IotgenError:  # the reference has no such folder
            continue
        if reference == side.code.get(function.key):
            yield function.key


COMMANDS = (cost,)
