"""The command that shows how an environment does: status."""

from __future__ import annotations

import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.errors import IotgenError, RemoteError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iotgen.cli.environment import Environment
    from iotgen.model.alarm import Alarm
    from iotgen.operate.status.collect import Snapshot
    from iotgen.operate.status.watched import Source

_LOCAL = (
    "The local AWS has no metrics and evaluates no alarm: calls, errors and durations",
    "are counted in the functions' logs, and `-` is not known.",
)
_DEPLOYMENTS = 3
_COLOURS: dict[str, dict[str, Any]] = {"title": {"bold": True}, "bad": {"fg": "red"}, "dim": {"dim": True}}


@click.command()
@click.option("--watch", is_flag=True, help="Draw it again and again, until Ctrl-C.")
@click.option(
    "--every",
    type=click.FloatRange(1),
    show_default="60 on AWS, which has no newer numbers; 5 locally",
    help="Seconds between two drawings.",
)
@options.results()
@options.environment
def status(watch: bool, every: float | None, form: str, **given: Any) -> None:
    """Show how an environment does: resources with the last hour's numbers, alarms, and deployments."""
    from iotgen.cli.environment import opened

    if watch and (form == "json" or not sys.stdout.isatty()):
        raise UsageError("`--watch` draws on a terminal", "Omit it; run `iotgen status --format json` again.")
    environment = opened(**given)
    look = _looking(environment)
    if watch:
        _watch(environment, look, every)
    elif form == "json":
        _print_json(environment, look())
    else:
        click.echo("\n".join(_screen(environment, look())))


def _looking(environment: Environment) -> Callable[[], Snapshot]:
    """Take a snapshot of the environment; IotgenError if nothing of it is deployed."""
    from iotgen.operate.status.collect import snapshot

    source = _source(environment)
    deployment = environment.deployment

    def look() -> Snapshot:
        now = time.time_ns() // 1_000_000
        taken = snapshot(environment.pipeline, environment.clients, source, now)
        if not taken.deployed:
            hint = f"`iotgen apply --target {deployment.target} --suffix {deployment.suffix}` deploys it."
            what = f"`{deployment.suffix}` on target {deployment.target}"
            raise IotgenError(f"nothing is deployed as {what}", hint)
        return taken

    return look


def _source(environment: Environment) -> Source:
    """Where numbers come from: CloudWatch, or the logs of the local AWS."""
    from functools import partial

    from iotgen.deploy import Target
    from iotgen.model.live import Live
    from iotgen.operate.logs.pages import Reader
    from iotgen.operate.logs.wanted import no_pattern
    from iotgen.operate.status.counted import from_logs
    from iotgen.operate.status.metrics import from_cloudwatch

    if environment.deployment.target is Target.AWS:
        live = Live(environment.pipeline.region, environment.clients)
        return partial(from_cloudwatch, environment.clients("cloudwatch"), text=live.text)
    return partial(from_logs, Reader(environment.clients("logs"), no_pattern, say))


def _screen(environment: Environment, taken: Snapshot) -> Iterator[str]:
    from iotgen.deploy import Target
    from iotgen.operate.logs.times import rfc_3339
    from iotgen.operate.status.forms import Screen

    pipeline, deployment = environment.pipeline, environment.deployment
    head = f"{pipeline.name}-{pipeline.suffix} on target {deployment.target}"
    yield f"{_paint(head, 'title')}  {rfc_3339(taken.time)[:-5]}Z, numbers of the last hour"
    yield ""
    yield from Screen(_place(environment), _paint).lines(taken)
    yield from _deployments(environment)
    if deployment.target is Target.LOCAL:
        yield ""
        yield from (_paint(line, "dim") for line in _LOCAL)


def _deployments(environment: Environment) -> Iterator[str]:
    from iotgen.cli.history import line
    from iotgen.recording import history_of

    history = history_of(environment.deployment, environment.pipeline.state)
    records = list(islice(history.records(), _DEPLOYMENTS))
    if records:
        yield ""
        yield _paint("deployments", "title")
        yield from map(line, records)


def _print_json(environment: Environment, taken: Snapshot) -> None:
    from dataclasses import asdict

    from iotgen.operate.status.forms import as_object
    from iotgen.recording import history_of

    history = history_of(environment.deployment, environment.pipeline.state)
    deployments = [asdict(record) for record in islice(history.records(), _DEPLOYMENTS)]
    print_json({**as_object(taken, _place(environment)), "deployments": deployments})


def _place(environment: Environment) -> Callable[[Alarm], str]:
    document = environment.checked.document
    return lambda alarm: document.where(alarm.path)


def _paint(text: str, part: str) -> str:
    return click.style(text, **_COLOURS[part]) if part in _COLOURS else text


def _watch(environment: Environment, look: Callable[[], Snapshot], every: float | None) -> None:
    """Draw until Ctrl-C; what AWS refuses meanwhile is shown, and the next drawing tries again."""
    from rich.live import Live
    from rich.text import Text

    from iotgen.deploy import Target

    pause = every or (60.0 if environment.deployment.target is Target.AWS else 5.0)
    lines = list(_screen(environment, look()))
    try:
        with Live(Text.from_ansi("\n".join(lines)), auto_refresh=False, screen=True) as live:
            while True:
                time.sleep(pause)
                try:
                    lines, trouble = list(_screen(environment, look())), []
                except RemoteError as error:
                    trouble = ["", _paint(f"cannot draw it anew: {error.message}", "bad")]
                live.update(Text.from_ansi("\n".join([*lines, *trouble])), refresh=True)
    except KeyboardInterrupt:
        click.echo("\n".join(lines))


COMMANDS = (status,)
