"""Commands that add to a project: add function."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, print_problems, say
from iotgen.cli.words import Group
from iotgen.errors import UsageError

if TYPE_CHECKING:
    from iotgen.add import Addition, ByEndpoint, ByTrigger
    from iotgen.build import Checked


@click.group(cls=Group)
def add() -> None:
    """Add to the project: files, and lines in the spec."""


@add.command()
@click.argument("name")
@click.option(
    "--trigger",
    metavar="KIND:KEY",
    help='What invokes it: queue:KEY, bucket:KEY/PREFIX, "schedule:rate(1 hour)" or another trigger.',
)
@click.option(
    "--endpoint",
    metavar="METHOD:PATH",
    show_default="GET:/NAME without a trigger",
    help="The endpoint that invokes it.",
)
@options.results()
@options.spec_option
@options.suffix
def function(
    name: str, trigger: str | None, endpoint: str | None, form: str, spec: Path, suffix: str
) -> None:
    """Add the function NAME: its handler, the test of it, and its lines in the spec.

    The rest of the spec stays as it is, to the byte. Nothing is added where a check would have more to
    say of the spec than before.
    """
    from iotgen.add import addition, write
    from iotgen.cli.environment import sound
    from iotgen.project import read_spec

    called = _called(name, trigger, endpoint)
    before, pipeline = sound(spec, suffix)
    made = addition(str(read_spec(spec)), pipeline, name, called)
    if not write(before.root, spec, made, lambda: _is_no_worse(spec, suffix, before)):
        say("nothing was added: the spec would have the problems above")
        sys.exit(1)
    _show(spec, made, form)
    say(f"next: iotgen apply --target local, then iotgen invoke {name} --target local")


def _is_no_worse(spec: Path, suffix: str, before: Checked) -> bool:
    """Whether a check finds no error and no warning that it did not find before; shows them."""
    from iotgen.build import check
    from iotgen.problem import Severity

    known = {(problem.code, problem.message) for problem in before.problems}
    after = check(spec, suffix)
    new = [
        problem
        for problem in after.problems
        if problem.severity is not Severity.INFO and (problem.code, problem.message) not in known
    ]
    if new:
        print_problems(new, after.texts)
    return not new


def _show(spec: Path, made: Addition, form: str) -> None:
    if form == "json":
        print_json({"files": sorted(made.files), "spec": str(spec), "line": made.line})
        return
    for name in sorted(made.files):
        click.echo(name)
    click.echo(f"{spec}:{made.line}")


def _called(name: str, trigger: str | None, endpoint: str | None) -> ByEndpoint | ByTrigger:
    from iotgen.add import ByEndpoint, ByTrigger
    from iotgen.triggers import TRIGGERS

    if trigger is None:
        method, _, route = (endpoint or f"GET:/{name}").partition(":")
        if method.upper() not in ("GET", "POST", "PUT", "PATCH", "DELETE") or not route.startswith("/"):
            message = "`--endpoint` takes a method and a path"
            raise UsageError(message, "Write `--endpoint GET:/devices/{id}`, for example.")
        return ByEndpoint(method.upper(), route)
    if endpoint is not None:
        message = "a new function is invoked either by an endpoint or by a trigger"
        raise UsageError(message, "Leave out `--endpoint` or `--trigger`.")
    word, _, key = trigger.partition(":")
    words = [kind.word for kind in TRIGGERS]
    if word not in words or not key:
        *first, last = (f"{one}:KEY" for one in words)
        message = f"`--trigger` takes {', '.join(first)} or {last}"
        raise UsageError(message, "Write the key of a resource of the spec.")
    if all(kind.section is None for kind in TRIGGERS if kind.word == word):
        return ByTrigger(word, key)
    key, _, prefix = key.partition("/")
    return ByTrigger(word, key, prefix)


COMMANDS = (add,)
