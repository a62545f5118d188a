"""The command that says whether a pipeline carries a load: capacity."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.cli.cost import devices, every
from iotgen.cli.environment import sound
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.prove.load import Assumed


def _assumptions(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> Assumed:
    from iotgen.prove.load import assumed

    try:
        return assumed(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@options.spec
@options.suffix
@devices
@every
@click.option(
    "--batch",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="How many readings a request, a message or an object holds.",
)
@click.option(
    "--to",
    show_default="the first that takes readings",
    help="The endpoint, rule, queue or bucket that readings arrive at.",
)
@click.option(
    "--assume",
    "given",
    multiple=True,
    callback=_assumptions,
    metavar="NAME=TIME",
    help="A time to assume, as median or median and p99: dynamodb=5ms, or sqs=8ms/60ms.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The seed of all chance.")
@options.results()
def capacity(
    spec: Path,
    suffix: str,
    devices: int,
    every: float,
    batch: int,
    to: str | None,
    given: Assumed,
    seed: int,
    form: str,
) -> None:
    """Simulate a load: how fresh rows are, what is throttled first, and how many devices are too many.

    Handlers run in a simulated AWS to see how long they take; then two minutes of the load pass in virtual
    time. Exits with 1 if the load is not carried. docs/reliability.md says what is assumed.
    """
    import os

    from iotgen.project import cache_folder
    from iotgen.prove import UnprovableError, campaign, subject
    from iotgen.prove.load import Demand, answer, entry_of, measured, plant_of
    from iotgen.prove.load.report import as_data, lines

    checked, pipeline = sound(spec, suffix)
    try:
        with subject(pipeline, checked.root, cache_folder(), say) as tried, campaign(tried, 1) as running:
            entry = entry_of(pipeline, tried.shape, to)
            timings = measured(running, entry, batch, seed, given)
    except UnprovableError as error:
        raise IotgenError(str(error), "Read docs/reliability.md for what is simulated.") from error
    plant = plant_of(pipeline, tried.shape, timings, given)
    found = answer(plant, entry, Demand(devices, every, batch), seed)
    if form == "json":
        print_json(as_data(found, timings, given))
    else:
        click.echo("\n".join(lines(found, timings, given, os.fspath(spec))))
    sys.exit(0 if found.carried else 1)


COMMANDS: tuple[Any, ...] = (capacity,)
