"""The command that runs one handler here: invoke."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say, to_stderr
from iotgen.errors import IotgenError, UsageError

if TYPE_CHECKING:
    from iotgen.cli.environment import Environment
    from iotgen.invoke import Invocation, Place
    from iotgen.kinds.functions import Function
    from iotgen.model.live import Live

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LARGEST_EVENT = 6 * 1024 * 1024


@click.command()
@click.argument("function")
@click.option("--event", metavar="FILE", help="The event, as JSON in a file, or - for standard input.")
@click.option(
    "--sample",
    type=click.Choice(["api", "queue", "bucket", "stream", "table", "iot"]),
    show_default="the first of these that calls the function",
    help="Which sample event to use.",
)
@click.option("--debug", is_flag=True, help="Run it under pdb, from its first line.")
@click.option("--debug-port", type=click.IntRange(1, 65535), help="Wait for a debugger, by debugpy.")
@options.results()
@options.environment
def invoke(
    function: str,
    event: str | None,
    sample: str | None,
    debug: bool,
    debug_port: int | None,
    form: str,
    **given: Any,
) -> None:
    """Run the handler of FUNCTION here, in a process of its own.

    It gets the function's code, layers and variables, and works with the tables and queues of the target,
    with your credentials: not with those of the function's role.
    """
    from iotgen.cli.environment import opened
    from iotgen.invoke import other_python, run

    debugger = _debugger(debug, debug_port)
    if event is not None and sample is not None:
        raise UsageError("`--event` and `--sample` exclude each other", "Leave one of them out.")
    environment = opened(**given)
    chosen = _function(environment, function)
    live = live_account(environment)
    content = _event(event) if event is not None else _sample(environment, chosen, live, sample)
    if note := other_python(chosen):
        say(note)
    place = place_of(environment, chosen, live)
    listen = logged if form == "text" else unheard
    invocation = run(chosen, content, place, debug=debugger, listen=listen, say=say)
    _show(invocation, chosen, form)
    sys.exit(1 if invocation.error else 0)


def _debugger(debug: bool, port: int | None) -> str | int | None:
    from importlib.util import find_spec

    if port is not None and find_spec("debugpy") is None:
        raise UsageError(
            "`--debug-port` needs debugpy, which is not installed",
            "Install it (`pip install debugpy`), or use `--debug`.",
        )
    if debug and not sys.stdin.isatty():
        raise UsageError(
            "`--debug` needs a terminal, and standard input is not one",
            "Use `--debug-port`, or run it in a terminal.",
        )
    return port if port is not None else "pdb" if debug else None


def _function(environment: Environment, key: str) -> Function:
    from iotgen.kinds.functions import Function
    from iotgen.spec.nearest import nearest

    functions = {function.key: function for function in environment.pipeline.all(Function)}
    if key in functions:
        return functions[key]
    meant = nearest(key, functions)
    asked = f"; did you mean `{meant}`?" if meant else ""
    listed = ", ".join(f"`{name}`" for name in functions) or "none"
    raise UsageError(f"the spec has no function `{key}`{asked}", f"Choose one of its functions: {listed}.")


def live_account(environment: Environment) -> Live:
    """The account and region of an environment."""
    from iotgen.model.live import Live

    return Live(environment.pipeline.region, environment.clients)


def _event(name: str) -> Any:
    import json

    from iotgen.reading import read_bytes
    from iotgen.system import refused

    shown = "standard input" if name == "-" else name
    try:
        content = (
            sys.stdin.buffer.read(_LARGEST_EVENT + 1)
            if name == "-"
            else read_bytes(Path(name), _LARGEST_EVENT)
        )
        if len(content) > _LARGEST_EVENT:
            raise IotgenError(f"{shown} has more than the 6 MB that Lambda takes", "Use a smaller event.")
        return json.loads(content)
    except OSError as error:
        raise refused(error, "read", shown, "Check the path after `--event`.") from error
    except (ValueError, RecursionError) as error:
        raise IotgenError(f"{shown} is not JSON: {error}", "Write the event as JSON.") from error


def _sample(environment: Environment, function: Function, live: Live, of: str | None) -> Any:
    import time
    from uuid import uuid4

    from iotgen.invoke import sample

    texts = environment.checked.sources.texts
    now, pipeline = time.time_ns() // 1_000_000, environment.pipeline
    made = sample(function, pipeline, texts, live, of=of, now=now, id=str(uuid4()))
    say(f"event: a sample of {made.what}" if made.event else f"event: {made.what}")
    return made.event


def place_of(environment: Environment, function: Function, live: Live) -> Place:
    """Where a function of an environment runs here, with its variables there."""
    from iotgen.deploy import account_of
    from iotgen.invoke import Place, deployed_variables, variables
    from iotgen.project import cache_folder

    credentials, endpoint = account_of(environment.deployment)
    overridden = {name for label, name in environment.checked.sources.variables if label == function.label}
    values = variables(function, environment.pipeline, live)
    values |= deployed_variables(function, frozenset(overridden), live)
    return Place(
        root=environment.checked.root,
        cache=cache_folder(),
        region=environment.pipeline.region,
        account=live.account,
        credentials=credentials,
        endpoint=endpoint,
        variables=values,
    )


def logged(line: str) -> None:
    """Show a line of a handler's log."""
    from iotgen.visible import visible

    to_stderr(visible(line, keep="\t"))


def unheard(_line: str) -> None:
    """Keep the log for the result."""


def _show(invocation: Invocation, function: Function, form: str) -> None:
    """The result and the times; in JSON, also the log."""
    from dataclasses import asdict

    from iotgen.visible import visible

    if form == "json":
        shown = asdict(invocation)
        del shown["calls"]  # all were sent
        print_json(shown)
        return
    if invocation.error:
        error = invocation.error
        to_stderr(visible(error.trace, keep="\n\t").rstrip())
        click.secho(f"{function.key} failed: {visible(f'{error.type}: {error.message}')}", fg="red", err=True)
    say(
        f"{invocation.duration * 1000:.0f} ms, after {invocation.init * 1000:.0f} ms of imports; "
        f"{invocation.memory} of {function.memory} MB"
    )
    if not invocation.error:
        print_json(invocation.result)


COMMANDS = (invoke,)
