"""The confirmation before a change: the target, the environment, and what would be lost."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from iotgen.errors import IotgenError, UsageError
from iotgen.spec.nearest import nearest

if TYPE_CHECKING:
    from iotgen.deploy import Deployment
    from iotgen.terraform.plan import PlanSummary


def likely_environment(suffix: str, listed: Iterable[str]) -> str | None:
    """The environment in the spec that `suffix` probably misspells."""
    names = list(listed)
    if suffix in names:
        return None
    # `eu1` and `eu2` are different environments, not a misspelling.
    return nearest(suffix, [name for name in names if _digits(name) == _digits(suffix)])


def refuse_misspelt(suffix: str, likely: str | None, *, fresh: bool) -> None:
    """UsageError if `--yes` would create a new environment whose name is probably a misspelling."""
    if likely and fresh:
        message = f"there is no environment `{suffix}` yet, in the spec or on AWS; did you mean `{likely}`?"
        raise UsageError(message, f"To create it, add `{suffix}: {{}}` to `environments`, or omit `--yes`.")


def described(place: str, suffix: str, likely: str | None, *, fresh: bool) -> tuple[str, str]:
    """The lines that show the target and the environment."""
    new = " (new: nothing is deployed to it yet)" if fresh else ""
    suggestion = f"; did you mean `{likely}`?" if likely and fresh else ""
    return f"target: {place}", f"environment: `{suffix}`{new}{suggestion}"


def confirm(summary: PlanSummary, deployment: Deployment, likely: str | None = None) -> None:
    """Show the target and what would be lost, and prompt; IotgenError if declined or without a terminal."""
    from iotgen.deploy import place_of

    if not sys.stdin.isatty():
        raise IotgenError("cannot ask for confirmation: standard input is not a terminal", "Pass `--yes`.")
    for kind, addresses in (("replace", summary.replace), ("destroy", summary.destroy)):
        for address in addresses:
            click.secho(f"{kind}: {address}", fg="red", err=True)
    for line in described(place_of(deployment), deployment.suffix, likely, fresh=summary.fresh):
        click.secho(line, bold=True, err=True)
    counts = f"{len(summary.add)} to add, {len(summary.change)} to change, {len(summary.replace)} to replace"
    question = f"{counts}, {len(summary.destroy)} to destroy: proceed with `{deployment.suffix}`?"
    if not click.confirm(question, err=True):
        raise IotgenError("nothing was changed")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
