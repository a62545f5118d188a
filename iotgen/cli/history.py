"""Commands on what was deployed before: history, rollback."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.confirm import Consent
from iotgen.cli.console import print_json, say, to_stderr
from iotgen.cli.deployment import deploy

if TYPE_CHECKING:
    from iotgen.deploy import Deployment
    from iotgen.history.history import History
    from iotgen.history.record import Record


@click.command()
@options.environment
@options.results()
@click.option(
    "--limit", type=click.IntRange(1), default=10, show_default=True, help="How many deployments to list."
)
def history(limit: int, form: str, spec: Path, **values: Any) -> None:
    """List the deployments of an environment, the latest first."""
    deployment = options.deployment({**values, "terraform": None, "plugin_dir": None}, sink=to_stderr)
    records = list(islice(_history(spec, deployment).records(), limit))
    if form == "json":
        print_json([asdict(record) for record in records])
        return
    for record in records:
        click.echo(line(record))
    if not records:
        say(f"Nothing was deployed as `{deployment.suffix}` on target {deployment.target}.")


@click.command()
@options.spec
@options.terraform
@options.yes
@options.allow_destroy
@click.option(
    "--to", "wanted", metavar="ID", show_default="the one before", help="The deployment to return to."
)
def rollback(spec: Path, wanted: str | None, yes: bool, allowed: tuple[str, ...], **values: Any) -> None:
    """Deploy an earlier state of the project again.

    The spec, the handlers and all files that the spec names are those of that deployment. They are planned,
    reviewed and confirmed like any apply. The files of the project stay as they are.
    """
    from iotgen.history.record import Action

    deployment = options.deployment(values, sink=to_stderr)
    history = _history(spec, deployment)
    record = history.target(wanted)
    say(f"Rolling `{deployment.suffix}` back to {line(record)}")
    with tempfile.TemporaryDirectory(prefix="iotgen-") as folder:
        restored = history.restore(record, Path(folder))
        consent = Consent(yes, frozenset(allowed))
        deploy(restored, deployment, consent, action=Action.ROLLBACK, restores=record)
    say("The project's files are as before: correct them there, or the next apply brings the change back.")


def _history(spec: Path, deployment: Deployment) -> History:
    """The records of an environment, by what is rendered, or else by the spec."""
    from iotgen.cli.environment import sound
    from iotgen.deploy import state_of
    from iotgen.recording import history_of

    if (deployment.rendered / "main.tf.json").exists():
        return history_of(deployment, state_of(deployment.rendered))
    return history_of(deployment, sound(spec, deployment.suffix)[1].state)


def line(record: Record) -> str:
    """A deployment on one line."""
    commit = record.revision and f"  commit {record.revision[:8]}{'+' * record.revision.endswith('+')}"
    restores = record.restores and f" of {record.restores}"
    return f"{record.id}  {record.action}{restores}  {record.outcome}  by {record.who}{commit}"


COMMANDS = (history, rollback)
