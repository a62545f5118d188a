"""The command line: the only place that prints, prompts, exits, and turns an error into a message.

Only click is imported here; each command imports its own dependencies, so that `--help` is immediate.
"""

import gc
import sys
import traceback

import click

from iotgen import __version__
from iotgen.cli import (
    add,
    calls,
    capacity,
    compare,
    cost,
    deployment,
    dev,
    devices,
    dlq,
    graph,
    history,
    invoke,
    local,
    logs,
    plan,
    preflight,
    project,
    prove,
    resource,
    secret,
    simulate,
    status,
    trace,
)
from iotgen.cli.boundary import INTERRUPTED, explained
from iotgen.cli.console import show
from iotgen.cli.streams import guarded
from iotgen.cli.words import Group, as_usage_error
from iotgen.errors import MachineError
from iotgen.system import reason

# EX_SOFTWARE of sysexits.h, for a bug in iotgen: no caller may mistake it for an error in the spec.
OWN_FAULT = 70


def main() -> None:
    """Run iotgen; every failure ends as one message and an exit code."""
    with guarded() as output:
        code = _run()
        sys.stdout.flush()
        if output.failure:
            message = f"cannot write standard output: {reason(output.failure)}"
            code = show(MachineError(message, "Nothing else was lost."))
    gc.freeze()  # the interpreter need not look for garbage in what ends with it
    sys.exit(code)


def _run() -> int:
    """Run the command and return its exit code."""
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
    if known := explained(error):
        return show(known)
    traceback.print_exception(error)
    click.echo(f"This is a bug in iotgen {__version__}. Report it with the traceback above.", err=True)
    return OWN_FAULT


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Deploy a serverless IoT pipeline from one YAML spec, on AWS or on this machine.

    The default SPEC is specs/pipeline.yaml.
    """


COMMANDS = (
    *project.COMMANDS,
    *compare.COMMANDS,
    *graph.COMMANDS,
    *plan.COMMANDS,
    *resource.COMMANDS,
    *cost.COMMANDS,
    *deployment.COMMANDS,
    *dev.COMMANDS,
    *history.COMMANDS,
    *preflight.COMMANDS,
    *prove.COMMANDS,
    *capacity.COMMANDS,
    *local.COMMANDS,
    *calls.COMMANDS,
    *add.COMMANDS,
    *secret.COMMANDS,
    *devices.COMMANDS,
    *logs.COMMANDS,
    *trace.COMMANDS,
    *status.COMMANDS,
    *dlq.COMMANDS,
    *simulate.COMMANDS,
    *invoke.COMMANDS,
)
for command in COMMANDS:
    cli.add_command(command)
