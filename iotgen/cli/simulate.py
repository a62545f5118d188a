"""The command that plays a fleet of devices: simulate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import say, to_stderr
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.deploy import Deployment
    from iotgen.simulate import Choice, Options, Places
    from iotgen.simulate.clients import Clients
    from iotgen.simulate.send import Destination

# Type, help and default of each; a default is not click's own, since a flag that is given means more.
_FLEET = {
    "devices": (click.IntRange(1), "How many devices the fleet has.", "10"),
    "count": (click.IntRange(1), "How many readings to send in all.", "100"),
    "duration": (
        click.FloatRange(0, min_open=True),
        "How long to send, in seconds, instead of --count.",
        False,
    ),
    "interval": (click.FloatRange(0), "Seconds between two readings of a device; 0 is no pause.", "1"),
    "batch": (click.IntRange(1, 1000), "How many readings a request or an object holds.", "10"),
    "seed": (click.INT, "Together with --start, makes a run repeatable.", "drawn"),
    "start": (click.IntRange(0), "The fleet's time in ms since 1970, not in the future.", "now"),
    "workers": (click.IntRange(1, 64), "How many requests run at the same time.", "8"),
    "patience": (click.FloatRange(0), "How long to retry a failed request, in seconds.", "60"),
}
_SHARES = {
    "late": "Readings from hours or days ago.",
    "out-of-order": "Readings from before the device's last ones.",
    "untimed": "Readings that leave out their time.",
    "duplicate": "Readings that are sent again, the same bytes.",
    "future": "Readings by a clock that is years ahead.",
    "malformed": "Readings with something wrong, or that are no JSON.",
    "oversized": "Readings that are too large.",
    "repeated": "Requests whose answer gets lost, so that they are sent again.",
}


def _fleet(command: options.Command) -> options.Command:
    """Add the options that say what the fleet does; `_asked` takes their values."""
    for name, text in reversed(_SHARES.items()):
        command = click.option(f"--{name}", type=click.FloatRange(0, 1), metavar="SHARE", help=text)(command)
    faults = click.option("--faults", is_flag=True, help="A little of each; the shares below change one.")
    command = faults(command)
    for name, (kind, text, default) in reversed(_FLEET.items()):
        command = click.option(f"--{name}", type=kind, show_default=default, help=text)(command)
    return command


@click.command()
@_fleet
@click.option(
    "--to",
    type=click.Choice(["api", "bucket"]),
    show_default="api, if there is one",
    help="Where to send readings.",
)
@click.option("--path", show_default="the one whose function no queue triggers", help="The POST endpoint.")
@click.option("--bucket", help="Its key in the spec, where there is more than one.")
@click.option("--prefix", show_default="that of the bucket's trigger", help="How the objects' keys begin.")
@click.option(
    "--rejected",
    default="rejected/",
    show_default=True,
    metavar="PREFIX",
    help="Where the bucket has what is put aside as no reading.",
)
@click.option(
    "--objects",
    type=click.Choice(["json", "jsonl", "mixed"]),
    default="mixed",
    show_default=True,
    help="How objects in a bucket are written.",
)
@click.option("--verify", is_flag=True, help="Read the tables back and account for every reading.")
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="KEY",
    show_default="all",
    help="A table that has to hold every reading; repeatable.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0),
    default=300.0,
    show_default=True,
    help="Seconds that --verify waits for readings to arrive.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)
@options.terraform
def simulate(verify: bool, form: str, **given: Any) -> None:
    """Play a fleet of devices that sends readings, good and bad."""
    from iotgen.deploy import outputs
    from iotgen.simulate import find_places, plan, progress, report, run
    from iotgen.simulate.stores import Stores
    from iotgen.simulate.verify import verify as account

    fleet, objects, deadline = plan(_asked(given)), given.pop("objects"), given.pop("deadline")
    choice = _choice(given)
    deployment = options.deployment(given, sink=to_stderr)
    clients = _clients(deployment)
    places = find_places(outputs(deployment), clients, choice, verify=verify)
    destination = _destination(deployment, places, clients, fleet.run, objects)
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


def _asked(given: dict[str, Any]) -> Options:
    """Take what the fleet does out of a command's options."""
    import secrets
    import time

    from iotgen.simulate import asked

    names = ["faults", *_FLEET, *(name.replace("-", "_") for name in _SHARES)]
    flags = {name: given.pop(name) for name in names}
    return asked(flags, now=time.time_ns() // 1_000_000, seed=secrets.randbelow(1_000_000))


def _choice(given: dict[str, Any]) -> Choice:
    """Take where readings go and end up out of a command's options."""
    from iotgen.simulate import Choice, To

    to = given.pop("to")
    names = ("path", "bucket", "prefix", "rejected", "tables")
    return Choice(to=To(to) if to else None, **{name: given.pop(name) for name in names})


def _clients(deployment: Deployment) -> Clients:
    """The AWS clients of a target: the caller's own, or the local AWS's."""
    from iotgen.deploy import Target, local_aws, region_of
    from iotgen.simulate.clients import aws_clients, local_clients

    region = region_of(deployment.rendered)
    if deployment.target is Target.AWS:
        return aws_clients(region)
    aws = local_aws(deployment)
    return local_clients(aws.endpoint, region, aws.credentials)


def _destination(
    deployment: Deployment, places: Places, clients: Clients, run: str, objects: str
) -> Destination:
    """The bucket or the API; the API is called as `send` calls it."""
    from iotgen.deploy import caller
    from iotgen.simulate import To

    if places.to is To.BUCKET:
        from iotgen.simulate.bucket import Form
        from iotgen.simulate.storage import bucket

        return bucket(clients, places, run, Form(objects))
    from iotgen.simulate.api import api

    call = caller(deployment)
    return api(call.endpoint, places.path, call.region, call.credentials)


COMMANDS = (simulate,)
