"""Commands on the local AWS: up, down, status, env."""

import os
from pathlib import Path

import click

from iotgen.cli import options
from iotgen.cli.console import say
from iotgen.cli.words import Group
from iotgen.errors import IotgenError


@click.group(cls=Group)
def local() -> None:
    """Manage the local AWS, an emulator on this machine.

    It is MiniStack, and listens on 127.0.0.1 only.
    """


@local.command()
@options.out
@click.option(
    "--port", type=click.IntRange(1, 65535), show_default="a free one", help="The port to listen on."
)
def up(out: Path, port: int | None) -> None:
    """Start the local AWS and print its endpoint.

    Waits until it is ready.
    """
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.up(local_aws_folder(out), port, say=say)
    if note := server.interpreter_note():
        say(note)
    click.echo(aws.endpoint)


@local.command()
@options.out
def down(out: Path) -> None:
    """Stop the local AWS; all resources and data in it are lost."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    stopped = server.down(local_aws_folder(out), say=say)
    click.echo("stopped" if stopped else "it was not running")


@local.command()
@options.out
def status(out: Path) -> None:
    """Show whether the local AWS is running, and where."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.status(local_aws_folder(out))
    if aws is None:
        click.echo(server.died(local_aws_folder(out)) or "not running")
        return
    click.echo(f"running at {aws.endpoint} (process {aws.pid}, log {aws.log})")


@local.command()
@options.suffix
@options.out
def env(suffix: str, out: Path) -> None:
    """Print shell commands that select the local AWS.

    eval "$(iotgen local env)" makes `aws`, boto3 and curl use it: it sets endpoint, region and credentials in
    this shell, and unsets variables that would override them, such as AWS_PROFILE.
    """
    from iotgen.deploy import local_aws_folder, region_of, running
    from iotgen.local.shell import commands

    aws = running(local_aws_folder(out))
    try:
        region = region_of(out / suffix)
    except IotgenError:  # nothing is rendered there
        region = aws.region
    click.echo(commands(aws, region, os.environ))


COMMANDS = (local,)
