"""The question before something changes: where, which environment, and what would be lost."""

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
    """The environment of the spec that `suffix` is probably a misspelling of."""
    names = list(listed)
    if suffix in names:
        return None
    # Another number is another environment.
    return nearest(suffix, [name for name in names if _digits(name) == _digits(suffix)])


def refuse_misspelt(suffix: str, likely: str | None, *, fresh: bool) -> None:
    """UsageError where `--yes` would make an environment that is new, and probably not meant."""
    if likely and fresh:
        message = f"there is no environment `{suffix}` yet, in the spec or on AWS; did you mean `{likely}`?"
        raise UsageError(
            message, f"Add `{suffix}: {{}}` to `environments` if it is meant, or leave out `--yes`."
        )


def described(place: str, suffix: str, likely: str | None, *, fresh: bool) -> tuple[str, str]:
    """Where, and which environment, as a line each."""
    new = ", which is new: nothing is deployed as it yet" if fresh else ""
    asked = f"; did you mean `{likely}`?" if likely and fresh else ""
    return f"target: {place}", f"environment: `{suffix}`{new}{asked}"


def confirm(summary: PlanSummary, deployment: Deployment, likely: str | None = None) -> None:
    """Show where this goes and what would be lost, and ask; IotgenError for a no, or without an answer."""
    from iotgen.deploy import place_of

    if not sys.stdin.isatty():
        raise IotgenError("cannot ask for confirmation: standard input is not a terminal", "Pass `--yes`.")
    for kind, addresses in (("replace", summary.replace), ("destroy", summary.destroy)):
        for address in addresses:
            click.secho(f"{kind}: {address}", fg="red", err=True)
    for line in described(place_of(deployment), deployment.suffix, likely, fresh=summary.fresh):
        click.secho(line, bold=True, err=True)
    counts = f"{len(summary.add)} to add, {len(summary.change)} to change, {len(summary.replace)} to replace"
    question = f"{counts}, {len(summary.destroy)} to destroy: go on with `{deployment.suffix}`?"
    if not click.confirm(question, err=True):
        raise IotgenError("nothing was changed")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
