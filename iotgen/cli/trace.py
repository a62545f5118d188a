"""The command that shows what happened to a reading: trace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say

if TYPE_CHECKING:
    from iotgen.cli.environment import Environment
    from iotgen.operate.trace.mentions import Readers
    from iotgen.operate.trace.trace import Where

_COLOURS: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "dim": {"dim": True},
    "rejected": {"fg": "yellow"},
    "failed": {"fg": "red"},
    "dead": {"fg": "red"},
    "stored": {"fg": "green"},
    "notified": {"fg": "green"},
}


@click.command()
@click.argument("event_id")
@click.option("--device", metavar="ID", help="The reading's device, if no log line names it any more.")
@click.option(
    "--since", default="1h", show_default=True, help="Read the logs from `30m`, `2h`, `3d` ago, or ISO 8601."
)
@options.results()
@options.environment
def trace(event_id: str, device: str | None, since: str, form: str, **given: Any) -> None:
    """Show what happened to the reading EVENT_ID, from the API to the tables.

    Exits 1 if nothing names it.
    """
    from iotgen.cli.dead_letters import width
    from iotgen.cli.environment import opened
    from iotgen.operate.trace import forms
    from iotgen.operate.trace.trace import traces

    if not event_id.strip():
        raise click.BadParameter("it is empty", param_hint="EVENT_ID")
    where = _where(opened(**given), device, since)
    [found] = traces(where, [event_id])
    if form == "json":
        print_json(forms.as_object(found))
    else:
        click.echo("\n".join(forms.lines(found, width(), paint)))
    sys.exit(0 if found.steps else 1)


def _where(environment: Environment, device: str | None, since: str) -> Where:
    import time

    from iotgen.operate.dlq.queues import dead_letter_queues
    from iotgen.operate.logs.pages import Window
    from iotgen.operate.logs.times import moment
    from iotgen.operate.trace.trace import Where

    now = time.time_ns() // 1_000_000
    return Where(
        pipeline=environment.pipeline,
        clients=environment.clients,
        readers=_readers(environment),
        window=Window(moment(since, "--since", now), now),
        dead_letters=dead_letter_queues(environment.pipeline, environment.checked.document),
        device=device,
    )


def _readers(environment: Environment) -> Readers:
    """Readers of the logs; the local AWS reads no pattern as AWS does, so it filters nothing."""
    from iotgen.deploy import Target
    from iotgen.operate.logs.pages import Pace, Reader
    from iotgen.operate.logs.wanted import no_pattern

    logs, pace = environment.clients("logs"), Pace()
    on_aws = environment.deployment.target is Target.AWS
    return lambda pattern: Reader(logs, (lambda _: pattern) if on_aws else no_pattern, say, pace)


def paint(text: str, part: str) -> str:
    """Colour a part of a trace."""
    return click.style(text, **_COLOURS[part]) if part in _COLOURS else text


COMMANDS = (trace,)
