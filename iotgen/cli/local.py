"""Commands on the local AWS: up, down, status."""

from pathlib import Path

import click

from iotgen.cli import options
from iotgen.cli.console import say
from iotgen.cli.words import Group


@click.group(cls=Group)
def local() -> None:
    """The local AWS: MiniStack, on loopback only."""


@local.command()
@options.out
@click.option("--port", type=click.IntRange(1, 65535), help="Its port; a free one without.")
def up(out: Path, port: int | None) -> None:
    """Start it, and wait until it is ready."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.up(local_aws_folder(out), port, say=say)
    if note := server.interpreter_note():
        say(note)
    click.echo(aws.endpoint)


@local.command()
@options.out
def down(out: Path) -> None:
    """Stop it, with all that is in it."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    stopped = server.down(local_aws_folder(out), say=say)
    click.echo("stopped" if stopped else "it was not running")


@local.command()
@options.out
def status(out: Path) -> None:
    """Say whether it runs, and where."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.status(local_aws_folder(out))
    if aws is None:
        click.echo(server.died(local_aws_folder(out)) or "not running")
        return
    click.echo(f"running at {aws.endpoint} (process {aws.pid}, log {aws.log})")


COMMANDS = (local,)
