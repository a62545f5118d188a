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
@click.option("--path", default="/ingest", show_default=True, help="The path of the POST endpoint.")
def send(reading: str, path: str, **values: Any) -> None:
    """Post readings to the API, signed with your AWS credentials.

    READING is JSON, @FILE, or - for standard input, which is the default.
    """
    from iotgen.client import send as post
    from iotgen.deploy import caller

    body = _body(reading)
    call = caller(options.deployment(values, sink=to_stderr))
    print_json(post(call.endpoint, body, call.credentials, call.region, path=path).body)


@click.command()
@click.argument("device_id")
@click.option("--event-date", help="A day such as 2024-01-15, or a longer prefix of a time: 2024-01-15T10.")
@click.option("--from", "from_", help="The earliest time, in ISO 8601 or in milliseconds since 1970.")
@click.option("--to", help="The latest time, in ISO 8601 or in milliseconds since 1970.")
@click.option(
    "--table", type=click.Choice(["processed", "raw"]), show_default="processed", help="The table to query."
)
@click.option("--limit", type=click.IntRange(1), help="The maximum number of readings.")
@click.option("--next", "next_", help="The value of `next` in the previous page, to get the page after it.")
@options.terraform
def query(device_id: str, from_: str | None, next_: str | None, **values: Any) -> None:
    """Query the readings of a device, newest first.

    The request to the API is signed with your AWS credentials.
    """
    from iotgen.client import query as get
    from iotgen.deploy import caller

    filters = {"device_id": device_id, "from": from_, "next": next_}
    filters |= {name: values.pop(name) for name in ("event_date", "to", "table", "limit")}
    parameters = [(name, str(value)) for name, value in filters.items() if value is not None]
    call = caller(options.deployment(values, sink=to_stderr))
    print_json(get(call.endpoint, parameters, call.credentials, call.region).body)


def _body(reading: str) -> bytes:
    """The request's body, from the argument, a file or standard input."""
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
    """The content of a file, which may be a pipe; IotgenError if it exceeds the limit of a request."""
    content = file.read(MOST + 1)
    if len(content) > MOST:
        raise IotgenError(
            f"{name} has more than {MOST:,} bytes", "Split the readings: API Gateway accepts 10 MB."
        )
    return content


COMMANDS = (send, query)
