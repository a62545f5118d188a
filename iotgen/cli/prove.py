"""The command that tries a pipeline on simulated histories: prove."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.cli.cost import seconds
from iotgen.cli.environment import sound
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.prove import Campaign, History, Place, Tally

_HISTORIES = 1000
_MANY = 10**12
# Seconds between two lines of progress.
_PROGRESS = 5


@click.command()
@options.spec
@options.suffix
@click.option(
    "--seeds",
    type=click.IntRange(1, 10**9),
    show_default="1000, or as many as there is --time for",
    help="How many histories to try.",
)
@click.option("--time", "limit", callback=seconds, help="How long to try histories, such as 2m.")
@click.option("--seed", type=click.IntRange(0), help="Tell the history of one seed.")
@click.option("--first", type=click.IntRange(0), default=0, show_default=True, help="The first seed.")
@options.results()
def prove(
    spec: Path,
    suffix: str,
    seeds: int | None,
    limit: float | None,
    seed: int | None,
    first: int,
    form: str,
) -> None:
    """Try the pipeline's handlers on many simulated histories, in which AWS fails as it may.

    Each history is of one seed: the same seed gives the same history. Where a law is broken, the shortest
    history that breaks it is told. docs/reliability.md says which laws there are, and what is assumed.
    """
    from iotgen.prove import UnprovableError

    count = seeds or (_MANY if limit else _HISTORIES)
    try:
        with _started(spec, suffix, 1 if seed is not None else os.cpu_count() or 1) as running:
            if seed is not None:
                _tell(running.told(seed), form)
            places = running.places()
            tally = _run(running, range(first, first + count), limit)
            story = running.shortest(tally.broken[0].seed) if tally.broken else None
    except UnprovableError as error:
        raise IotgenError(str(error), "Read docs/reliability.md for what is simulated.") from error
    _show(tally, story, places, spec, form)
    sys.exit(1 if tally.broken else 0)


@contextmanager
def _started(spec: Path, suffix: str, workers: int) -> Iterator[Campaign]:
    """The processes in which a spec's handlers are tried."""
    from iotgen.project import cache_folder
    from iotgen.prove import campaign, subject

    checked, pipeline = sound(spec, suffix)
    with subject(pipeline, checked.root, cache_folder(), say) as tried:
        if tried.left_out:
            say(f"left out: {', '.join(tried.left_out)}; only Python functions with a `source` are simulated")
        for one in tried.unknown:
            say(f"left out: {one}")
        with campaign(tried, workers) as running:
            if not running.places():
                message = f"no endpoint, bucket, rule, topic, stream or queue of {spec} takes a reading"
                raise IotgenError(message, "Read docs/reliability.md for what is sent where.")
            yield running


def _run(running: Campaign, seeds: range, limit: float | None) -> Tally:
    import time

    began = time.monotonic()
    told = began

    def going_on(tally: Tally) -> bool:
        nonlocal told
        now = time.monotonic()
        if now - told >= _PROGRESS:
            told = now
            failed = f", {tally.failed:,} of them break a law" if tally.failed else ""
            say(f"{tally.histories:,} histories{failed} ({tally.histories / (now - began):,.0f} a second)")
        return limit is None or now - began < limit

    return running.run(seeds, going_on)


def _show(tally: Tally, story: History | None, places: Mapping[str, Place], spec: Path, form: str) -> None:
    from iotgen.prove.report import as_data, lines

    if form == "json":
        print_json(as_data(tally, story, places))
        return
    for line in lines(tally, story, str(spec), places):
        click.echo(line)


def _tell(history: History, form: str) -> NoReturn:
    from iotgen.prove.report import history_data, story

    if form == "json":
        print_json(history_data(history))
    else:
        for line in story(history):
            click.echo(line)
    sys.exit(1 if history.broken else 0)


COMMANDS: tuple[Any, ...] = (prove,)
