"""Commands that call the deployed API: call, send, query."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say, to_stderr
from iotgen.errors import IotgenError, UsageError
from iotgen.reading import MOST
from iotgen.system import refused
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.cli.environment import Environment
    from iotgen.client import Response


@click.command()
@click.argument("reading", default="-")
@options.terraform
@click.option("--path", default="/ingest", show_default=True, help="The path of the POST endpoint.")
@click.option(
    "--mqtt", "topic", metavar="TOPIC", help="Publish on this topic of AWS IoT instead, as a device would."
)
def send(reading: str, path: str, topic: str | None, **values: Any) -> None:
    """Post readings to the API, signed with your AWS credentials.

    READING is JSON, @FILE, or - for standard input, which is the default.
    """
    if topic is not None:
        _publish(topic, _body(reading), values)
        return
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


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@click.command()
@click.argument("method", type=click.Choice(_METHODS, case_sensitive=False))
@click.argument("path")
@click.option("--body", metavar="JSON", help="The body: JSON, @FILE, or - for standard input.")
@click.option(
    "--query", "parameters", multiple=True, metavar="NAME=VALUE", help="A query parameter; repeatable."
)
@click.option("--header", "headers", multiple=True, metavar="NAME:VALUE", help="A header; repeatable.")
@click.option("--api-key", metavar="KEY", help="The API key of the spec to send, whose value AWS knows.")
@options.results()
@options.environment
def call(
    method: str,
    path: str,
    body: str | None,
    parameters: tuple[str, ...],
    headers: tuple[str, ...],
    api_key: str | None,
    form: str,
    **given: Any,
) -> None:
    """Call any path of the API, signed where it asks for that; exits 1 unless the status is 2xx."""
    from time import monotonic

    from iotgen.cli.environment import opened
    from iotgen.client import call as send_call
    from iotgen.deploy import caller_of
    from iotgen.kinds.endpoints import endpoint_at

    route, more = _route(path)
    query = [*more, *(_pair(text, "=", "--query") for text in parameters)]
    own = [_pair(text, ":", "--header") for text in headers]
    content = None if body is None else _body(body)
    environment = opened(**given)
    caller = caller_of(environment.deployment, environment.pipeline, environment.clients)
    if api_key is not None:
        own.append(("x-api-key", _key(environment, api_key)))
    endpoint = endpoint_at(environment.pipeline, method, route)
    began = monotonic()
    response = send_call(
        method,
        caller.endpoint,
        route,
        caller.credentials if endpoint is None or endpoint.is_signed else None,
        caller.region,
        parameters=query,
        body=content,
        headers=own,
    )
    _show(response, caller.endpoint, route, monotonic() - began, form)
    sys.exit(0 if 200 <= response.status < 300 else 1)


def _key(environment: Environment, key: str) -> str:
    """The value of an API key of the spec; IotgenError if there is none."""
    from iotgen.kinds.endpoints import Api, key_value

    api = environment.pipeline.one(Api)
    names = {one.key: one.name for one in api.plan.keys} if api and api.plan else {}
    if key not in names:
        hint = f"Choose one of: {', '.join(names)}." if names else "List it under `keys` of `api`."
        raise UsageError(f"the spec has no API key `{key}`", hint)
    return key_value(environment.clients, names[key])


def _publish(topic: str, message: bytes, values: dict[str, Any]) -> None:
    """Publish a message, so that the broker has it at least once."""
    from iotgen.deploy import clients_in, region_of, require_credentials
    from iotgen.operate.refusal import explaining

    deployment = options.deployment(values, sink=to_stderr)
    require_credentials(deployment)
    data = clients_in(deployment, region_of(deployment.rendered))("iot-data")
    with explaining(f"publish on `{topic}`", "iot:Publish"):
        data.publish(topic=topic, qos=1, payload=message)
    print_json({"topic": topic, "bytes": len(message)})


def _route(path: str) -> tuple[str, list[tuple[str, str]]]:
    """A path that begins with a slash, and the query parameters behind it."""
    from urllib.parse import parse_qsl, quote

    route, _, query = path.partition("?")
    return quote(f"/{route.lstrip('/')}", safe="/%-_.~"), parse_qsl(query, keep_blank_values=True)


def _pair(text: str, separator: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition(separator)
    if not found or not name.strip() or not (text.isprintable() and (text.isascii() or separator == "=")):
        example = "device_id=device-1" if separator == "=" else "X-Request-Source: test"
        raise UsageError(f"`{option}` takes a name and a value", f"Write `{option} '{example}'`.")
    return (name, value) if separator == "=" else (name.strip(), value.strip())


def _show(response: Response, endpoint: str, path: str, seconds: float, form: str) -> None:
    """The body, and beside it the status, with a hint where the API refused."""
    from iotgen.client import refusal

    if form == "json":
        about = {"status": response.status, "headers": dict(response.headers)}
        print_json(about | {"body": response.text if response.body is None else response.body})
        return
    say(f"{response.status} in {seconds * 1000:.0f} ms")
    if response.body is not None:
        print_json(response.body)
    elif response.text:
        click.echo(visible(response.text, keep="\n\t"))
    if not 200 <= response.status < 300 and (hint := refusal(response, endpoint, path).hint):
        say(hint)


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


COMMANDS = (call, send, query)
