"""The command line: the one place that prints, asks, exits, and turns an error into a message.

Only click is imported here; each command imports what it needs, so that `--help` is immediate.
"""

import sys

import click

from iotgen import __version__
from iotgen.cli import calls, deployment, local, project, simulate
from iotgen.cli.console import fail
from iotgen.errors import IotgenError


def main() -> None:
    """Run iotgen; every failure that a user can mend ends as one message and an exit code."""
    try:
        cli(prog_name="iotgen")
    except IotgenError as error:
        fail(error)
    except KeyboardInterrupt:
        click.secho("interrupted", fg="yellow", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """One YAML spec to a serverless IoT pipeline, on AWS or on this machine."""


COMMANDS = (
    *project.COMMANDS,
    *deployment.COMMANDS,
    *local.COMMANDS,
    *calls.COMMANDS,
    *simulate.COMMANDS,
)
for command in COMMANDS:
    cli.add_command(command)
