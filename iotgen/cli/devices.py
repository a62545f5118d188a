"""Commands on devices: add, list, remove. Private keys go into files of the caller's own only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.cli.environment import applying, opened
from iotgen.cli.words import Group
from iotgen.errors import IotgenError, UsageError
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.kinds.devices import DeviceGroup
    from iotgen.operate.devices.enrol import Enrolled

_group = click.option(
    "--group",
    metavar="KEY",
    show_default="the only one",
    help="The group of devices, by its key in the spec.",
)


@click.group(cls=Group)
def devices() -> None:
    """Enrol devices in AWS IoT, list and remove them."""


@devices.command("add")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@_group
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="FOLDER",
    help="The folder for the key and the certificate of each.",
)
@options.environment
@options.results()
def add(names: tuple[str, ...], group: str | None, into: Path, form: str, **given: Any) -> None:
    """Enrol the devices NAME..., each with a key and a certificate of its own.

    A device connects with NAME as its client ID. FOLDER/NAME.key is the only copy of its private key.
    """
    from iotgen.operate.devices import enrol

    enrol.check_names(names)
    environment = opened(**given)
    fleet = enrol.find_group(environment.pipeline, group)
    iot = environment.clients("iot")
    enrol.require_deployed(iot, fleet, applying(given))
    endpoint = _endpoint(iot) if given["target"] == "aws" else None
    done: list[dict[str, Any]] = []
    for name in names:
        try:
            one = enrol.enrol(iot, fleet, name, into)
        except IotgenError as error:
            if done:
                error.hint = (
                    f"{error.hint} Enrolled before it: {', '.join(one['name'] for one in done)}.".strip()
                )
            raise
        done.append(_as_json(one, fleet))
        if form == "text":
            click.echo(f"{name}: {one.files.key}, {one.files.certificate}")
            if one.adopted:
                say(
                    f"{name} is a thing that was there already, without a certificate; now it is in the group"
                )
    if form == "json":
        print_json({"endpoint": endpoint, "devices": done})
        return
    place = (
        f"connect to {endpoint}, port 8883,"
        if endpoint
        else "the local AWS takes no connections; on AWS, connect"
    )
    click.echo(f"{place} with the name as client ID")
    for word, topics in (("publish on", fleet.publish), ("subscribe to", fleet.subscribe)):
        click.echo("".join(f"{word} {topic}\n" for topic in topics), nl=False)


@devices.command("list")
@_group
@options.environment
@options.results()
def list_(group: str | None, form: str, **given: Any) -> None:
    """List the devices of a group."""
    from iotgen.operate.devices.enrol import find_group, require_deployed
    from iotgen.operate.devices.remove import names_of

    environment = opened(**given)
    fleet = find_group(environment.pipeline, group)
    iot = environment.clients("iot")
    require_deployed(iot, fleet, applying(given))
    names = names_of(iot, fleet)
    if form == "json":
        print_json(list(names))
        return
    for name in names:
        click.echo(visible(name))


@devices.command("remove")
@click.argument("name")
@_group
@options.yes
@options.environment
@options.results()
def remove(name: str, group: str | None, yes: bool, form: str, **given: Any) -> None:
    """Remove the device NAME: its certificate no longer connects.

    Without --yes nothing is removed.
    """
    from iotgen.operate.devices.enrol import check_names, find_group
    from iotgen.operate.devices.remove import remove

    check_names((name,))
    environment = opened(**given)
    fleet = find_group(environment.pipeline, group)
    iot = environment.clients("iot")
    if not yes:
        message = f"`{name}` could not connect any more, and its key would never be of use again"
        raise UsageError(message, "Pass `--yes` to remove it.")
    certificates = remove(iot, fleet, name)
    if form == "json":
        print_json({"name": name, "certificates": list(certificates)})
        return
    click.echo(f"{name}: removed, with {len(certificates)} certificate{'s' * (len(certificates) != 1)}")


def _endpoint(iot: Any) -> str:
    """Where devices connect."""
    from iotgen.operate.refusal import explaining

    with explaining("look up where devices connect", "iot:DescribeEndpoint"):
        return str(iot.describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"])


def _as_json(one: Enrolled, group: DeviceGroup) -> dict[str, Any]:
    return {
        "name": one.name,
        "group": group.name,
        "key": str(one.files.key),
        "certificate": str(one.files.certificate),
        "certificate_id": one.certificate,
        "adopted": one.adopted,
    }


COMMANDS = (devices,)
