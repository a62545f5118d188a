"""The command line: the one place that prints, asks, exits, and turns an error into a message.

Only click is imported here; each command imports what it needs, so that `--help` is immediate.
"""

import sys
import traceback

import click

from iotgen import __version__
from iotgen.cli import calls, deployment, local, project, simulate
from iotgen.cli.boundary import INTERRUPTED, explained
from iotgen.cli.console import show
from iotgen.cli.streams import guarded
from iotgen.cli.words import Group, as_usage_error
from iotgen.errors import MachineError
from iotgen.system import reason

# A fault of iotgen's own, as sysexits.h has it: no caller may take it for a fault of the spec.
OWN_FAULT = 70


def main() -> None:
    """Run iotgen; whatever goes wrong ends as one message and an exit code."""
    with guarded() as output:
        code = _run()
        sys.stdout.flush()
        if output.failure:
            message = f"cannot write standard output: {reason(output.failure)}"
            code = show(MachineError(message, "Nothing else was lost."))
    sys.exit(code)


def _run() -> int:
    """The exit code of the command."""
    try:
        code = cli.main(prog_name="iotgen", standalone_mode=False)
    except SystemExit as exited:
        return exited.code if isinstance(exited.code, int) else 0
    except click.ClickException as error:
        shown = as_usage_error(error) if isinstance(error, click.UsageError) else error
        shown.show()
        return shown.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.secho("interrupted", fg="yellow", err=True)
        return INTERRUPTED
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else 0


def _failed(error: Exception) -> int:
    if found := explained(error):
        return show(found)
    traceback.print_exception(error)
    click.echo(f"This is a fault of iotgen {__version__} itself.", err=True)
    return OWN_FAULT


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
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
