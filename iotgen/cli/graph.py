"""The command that draws a pipeline: graph."""

from __future__ import annotations

from pathlib import Path

import click

from iotgen.cli import options
from iotgen.cli.environment import sound


@click.command()
@options.spec
@options.suffix
@options.results("mermaid", default="svg")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, not standard output.",
)
def graph(spec: Path, suffix: str, form: str, output: Path | None) -> None:
    """Draw a spec's pipeline: what calls what, with permissions, alarms and dead letters.

    From left to right: callers, endpoints, functions and queues, what they store, and who hears of it. An
    arrow's tip is where data go. Alarms and dead-letter queues are badges at their owner.
    """
    from iotgen.graph.picture import picture

    _, pipeline = sound(spec, suffix)
    text = picture(pipeline, form)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")


COMMANDS = (graph,)
