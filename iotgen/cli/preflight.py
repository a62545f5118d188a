"""The command that looks at an account before an apply: preflight."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.cli.environment import Environment, opened
from iotgen.errors import IotgenError
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.model.preflight import Check

_COLOURS = {"ok": "green", "warning": "yellow", "error": "red", "unknown": "magenta"}


@click.command()
@options.environment
@options.results()
def preflight(form: str, **values: Any) -> None:
    """Check that the account is ready for an apply.

    Looks at quotas, names that are taken, the state's bucket, secrets without a value and subscriptions that
    nobody has confirmed. Changes nothing. Exits with 1 if an apply would fail. The first apply of an
    environment on AWS does the same by itself.
    """
    environment = opened(**values)
    checks = [*run(environment), _terraform(environment)]
    if form == "json":
        print_json([_as_json(environment, check) for check in checks])
    else:
        for check in checks:
            print_check(environment, check, err=False)
    sys.exit(1 if any(check.level == "error" for check in checks) else 0)


def run(environment: Environment) -> list[Check]:
    """Every check of an environment's account."""
    from datetime import UTC, datetime

    from iotgen.operate import preflight as checks
    from iotgen.operate.refusal import explaining

    with explaining("look at the account", "sts:GetCallerIdentity"):
        today = datetime.now(UTC).date()
        return list(checks.preflight(environment.pipeline, environment.clients, today))


def refuse_unready(deployment: Deployment, done: Built) -> None:
    """Before the first apply of an environment: show what the account lacks; IotgenError if it would fail."""
    if done.checked is None or done.pipeline is None:
        return
    say("Looking at the account, before the first apply")
    environment = Environment(done.checked, done.pipeline, deployment)
    checks = [check for check in run(environment) if check.level != "ok"]
    for check in checks:
        print_check(environment, check, err=True)
    if any(check.level == "error" for check in checks):
        raise IotgenError("nothing was changed: the apply would fail, for the reasons above")


def _terraform(environment: Environment) -> Check:
    """The Terraform and the AWS provider that an apply would run."""
    from packaging.specifiers import SpecifierSet

    from iotgen.deploy import versions_of
    from iotgen.model.preflight import Check, Level

    found, needed = versions_of(environment.deployment)
    provider = f", AWS provider {found.provider}" if found.provider else ""
    message = f"Terraform {found.terraform}{provider} ({found.origin})"
    if SpecifierSet(needed.replace(" ", "")).contains(found.terraform, prereleases=True):
        return Check(level=Level.OK, about="versions", message=message)
    hint = f"Install a Terraform {needed}, or name one with IOTGEN_TERRAFORM."
    return Check(level=Level.ERROR, about="versions", message=message, hint=hint)


def print_check(environment: Environment, check: Check, *, err: bool) -> None:
    """A line for a check, and one for what to do."""
    level = click.style(f"{check.level:8}", fg=_COLOURS[check.level])
    place = f"  ({environment.checked.document.where(check.path)})" if check.path and check.hint else ""
    click.echo(f"{level} {check.about:12} {visible(check.message)}{place}", err=err)
    if check.hint:
        click.echo(f"{'':21} {visible(check.hint)}", err=err)


def _as_json(environment: Environment, check: Check) -> dict[str, Any]:
    place = environment.checked.document.place(check.path, key=True)
    return {
        "level": check.level,
        "about": check.about,
        "message": check.message,
        "hint": check.hint,
        "path": list(check.path),
        "file": environment.checked.document.file if check.path else None,
        "line": place.line if check.path else None,
    }


COMMANDS = (preflight,)
