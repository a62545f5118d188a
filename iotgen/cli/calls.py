"""Commands that call the deployed API: send, query."""

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say, to_stderr
from iotgen.errors import IotgenError
from iotgen.reading import MOST
from iotgen.system import refused


@click.command()
@click.argument("reading", default="-")
@options.terraform
@click.option("--path", default="/ingest", show_default=True, help="The endpoint.")
def send(reading: str, path: str, **given: Any) -> None:
    """Post readings, signed: READING is JSON, @FILE, or - for standard input."""
    from iotgen.client import send as post
    from iotgen.deploy import caller

    body = _body(reading)
    call = caller(options.deployment(given, sink=to_stderr))
    print_json(post(call.endpoint, body, call.credentials, call.region, path=path).body)


@click.command()
@click.argument("device_id")
@click.option("--event-date", help="A day such as 2024-01-15, or longer: 2024-01-15T10.")
@click.option("--from", "from_", help="The earliest time: ISO 8601, or milliseconds.")
@click.option("--to", help="The latest time.")
@click.option(
    "--table", type=click.Choice(["processed", "raw"]), show_default="processed", help="Which readings."
)
@click.option("--limit", type=click.IntRange(1), help="How many at most.")
@click.option("--next", "next_", help="The `next` of the page before.")
@options.terraform
def query(device_id: str, from_: str | None, next_: str | None, **given: Any) -> None:
    """Ask for a device's readings, signed, newest first."""
    from iotgen.client import query as get
    from iotgen.deploy import caller

    asked = {"device_id": device_id, "from": from_, "next": next_}
    asked |= {name: given.pop(name) for name in ("event_date", "to", "table", "limit")}
    parameters = [(name, str(value)) for name, value in asked.items() if value is not None]
    call = caller(options.deployment(given, sink=to_stderr))
    print_json(get(call.endpoint, parameters, call.credentials, call.region).body)


def _body(reading: str) -> bytes:
    """The request's body from the argument, a file or standard input."""
    try:
        if reading == "-":
            if sys.stdin.isatty():
                say("Reading JSON from the terminal; end it with Ctrl-D")
            return _bounded(sys.stdin.buffer, "standard input")
        if reading.startswith("@"):
            with Path(reading[1:]).open("rb") as file:
                return _bounded(file, reading[1:])
    except OSError as error:
        raise refused(error, "read", reading[1:], "Check the path after the @.") from error
    return reading.encode()


def _bounded(file: BinaryIO, name: str) -> bytes:
    """All of a file, which may be a pipe; IotgenError when it is more than a request takes."""
    content = file.read(MOST + 1)
    if len(content) > MOST:
        raise IotgenError(
            f"{name} has more than {MOST:,} bytes", "API Gateway takes 10 MB: split the readings."
        )
    return content


COMMANDS = (send, query)
