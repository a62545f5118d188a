"""The command that simulates a fleet of devices: simulate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import say, to_stderr
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.deploy import Deployment
    from iotgen.simulate import Choice, Fleet, Options, Places
    from iotgen.simulate.clients import Clients
    from iotgen.simulate.send import Destination

# Type, help and default of each. The default is only shown: click passes None for an omitted option, which
# `simulate.options` has to tell from one with the default's value.
_FLEET = {
    "devices": (click.IntRange(1), "The number of devices in the fleet.", "10"),
    "count": (click.IntRange(1), "The number of readings to send in total.", "100"),
    "duration": (
        click.FloatRange(0, min_open=True),
        "How long to send, in seconds, instead of --count.",
        False,
    ),
    "interval": (click.FloatRange(0), "Seconds between two readings of a device; 0 is no pause.", "1"),
    "batch": (click.IntRange(1, 1000), "The number of readings in a request or an object.", "10"),
    "seed": (click.INT, "The random seed; together with --start, it makes a run repeatable.", "random"),
    "start": (
        click.IntRange(0),
        "The fleet's time in milliseconds since 1970, which must not be in the future.",
        "now",
    ),
    "workers": (click.IntRange(1, 64), "The number of concurrent requests.", "8"),
    "patience": (click.FloatRange(0), "How long to retry a failed request, in seconds.", "60"),
}
_SHARES = {
    "late": "Share of readings from hours or days ago.",
    "out-of-order": "Share of readings from before the device's last ones.",
    "untimed": "Share of readings that have no time.",
    "duplicate": "Share of readings that are sent again, byte for byte.",
    "future": "Share of readings from a clock that is years ahead.",
    "malformed": "Share of readings that are invalid, or not JSON.",
    "oversized": "Share of readings that are too large.",
    "repeated": "Share of requests whose response is lost, so that they are sent again.",
}


def _fleet(command: options.Command) -> options.Command:
    """Add the options of the fleet; `_fleet_options` takes their values."""
    for name, text in reversed(_SHARES.items()):
        command = click.option(f"--{name}", type=click.FloatRange(0, 1), metavar="SHARE", help=text)(command)
    faults = click.option(
        "--faults", is_flag=True, help="A small share of each fault; the options below set one."
    )
    command = faults(command)
    for name, (kind, text, default) in reversed(_FLEET.items()):
        command = click.option(f"--{name}", type=kind, show_default=default, help=text)(command)
    return command


@click.command()
@_fleet
@click.option(
    "--to",
    type=click.Choice(["api", "bucket", "mqtt"]),
    show_default="api, if it has a POST endpoint",
    help="Send to the API, put objects into the bucket, or publish messages over MQTT.",
)
@click.option(
    "--path",
    show_default="the endpoint whose function no queue triggers",
    help="The path of the POST endpoint.",
)
@click.option(
    "--topic",
    show_default="the one that the rule listens to",
    help="The topic over MQTT, with `{device}` for the device.",
)
@click.option("--bucket", metavar="KEY", show_default="the only one", help="The bucket's key in the spec.")
@click.option(
    "--prefix", show_default="the prefix of the bucket's trigger", help="The prefix of the objects' keys."
)
@click.option(
    "--rejected",
    default="rejected/",
    show_default=True,
    metavar="PREFIX",
    help="The prefix under which the function puts rejected content.",
)
@click.option(
    "--objects",
    type=click.Choice(["json", "jsonl", "mixed"]),
    default="mixed",
    show_default=True,
    help="The format of the objects.",
)
@click.option("--verify", is_flag=True, help="Read the tables back and account for every reading.")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="KEY",
    show_default="all",
    help="A table, by its key in the spec, that must have every reading; repeatable.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0),
    default=300.0,
    show_default="300",
    help="How long --verify waits for readings to arrive, in seconds.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The format of the report.",
)
@options.terraform
def simulate(verify: bool, form: str, **values: Any) -> None:
    """Simulate a fleet of devices that send readings.

    --faults makes some of them faulty; --verify accounts for every reading.
    """
    from iotgen.deploy import outputs
    from iotgen.simulate import find_places, plan, progress, report, run
    from iotgen.simulate.stores import Stores
    from iotgen.simulate.verify import verify as account

    fleet, objects, deadline = plan(_fleet_options(values)), values.pop("objects"), values.pop("deadline")
    choice = _choice(values)
    deployment = options.deployment(values, sink=to_stderr)
    clients = _clients(deployment)
    places = find_places(outputs(deployment), clients, choice, verify=verify)
    destination = _destination(deployment, places, clients, fleet, objects)
    with progress.bar() if sys.stderr.isatty() else progress.lines(say) as show:
        outcome = run(fleet, destination, show)
    written, balance = report.as_json if form == "json" else report.text, None
    if verify:
        try:
            balance = account(outcome, Stores(clients, places, fleet), deadline, say=say)
        except IotgenError:
            click.echo(written(outcome, None), nl=False)
            raise
    click.echo(written(outcome, balance), nl=False)
    sys.exit(report.exit_code(outcome, balance))


def _fleet_options(values: dict[str, Any]) -> Options:
    """Take the fleet's options out of the command's."""
    import secrets
    import time

    from iotgen.simulate import asked

    names = ["faults", *_FLEET, *(name.replace("-", "_") for name in _SHARES)]
    flags = {name: values.pop(name) for name in names}
    return asked(flags, now=time.time_ns() // 1_000_000, seed=secrets.randbelow(1_000_000))


def _choice(values: dict[str, Any]) -> Choice:
    """Take the options that choose endpoint, topic, bucket and tables out of the command's."""
    from iotgen.simulate import Choice, To

    to = values.pop("to")
    names = ("path", "topic", "bucket", "prefix", "rejected", "tables")
    return Choice(to=To(to) if to else None, **{name: values.pop(name) for name in names})


def _clients(deployment: Deployment) -> Clients:
    """AWS clients for a target, with the caller's credentials or those of the local AWS."""
    from iotgen.deploy import Target, local_aws, region_of
    from iotgen.simulate.clients import aws_clients, local_clients

    region = region_of(deployment.rendered)
    if deployment.target is Target.AWS:
        return aws_clients(region)
    aws = local_aws(deployment)
    return local_clients(aws.endpoint, region, aws.credentials)


def _destination(
    deployment: Deployment, places: Places, clients: Clients, fleet: Fleet, objects: str
) -> Destination:
    """The bucket, the topics, or the API with the credentials of `send`."""
    from iotgen.deploy import caller
    from iotgen.simulate import To

    if places.to is To.BUCKET:
        from iotgen.simulate.bucket import Form
        from iotgen.simulate.storage import bucket

        return bucket(clients, places, fleet.run, Form(objects))
    if places.to is To.MQTT:
        from iotgen.simulate.mqtt import mqtt

        return mqtt(clients, places.topic, fleet)
    from iotgen.simulate.api import api

    call = caller(deployment)
    return api(call.endpoint, places.path, call.region, call.credentials)


COMMANDS = (simulate,)
