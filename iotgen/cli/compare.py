"""The command that compares environments and revisions: diff."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, say
from iotgen.cli.environment import sound, without_errors
from iotgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iotgen.build import Checked
    from iotgen.compare import Difference, Side

_DIFFERENT = 2
_COLOURS = {"+": "green", "-": "red", "~": "yellow"}


@click.command()
@click.argument("environments", nargs=-1, metavar="[A B]", callback=options.check_suffixes)
@click.option("--rev", help="Compare with this git revision of the spec and its files, rather than A with B.")
@options.spec_option
@options.suffix
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are differences.")
@options.results("markdown")
def diff(
    environments: tuple[str, ...],
    rev: str | None,
    spec: Path,
    suffix: str,
    form: str,
    detailed_exitcode: bool,
) -> None:
    """Show what differs between two environments, or since a revision.

    `iotgen diff dev prod` compares two environments of the spec. `iotgen diff --rev main` compares a git
    revision with the working tree, in the environment that --suffix names. Names that differ only by the
    suffix are equal.
    """
    from iotgen.compare import compare

    with _sides(environments, rev, spec, suffix) as (before, after):
        differences = compare(before, after)
    _print(before, after, differences, form)
    if detailed_exitcode and differences:
        sys.exit(_DIFFERENT)


@contextmanager
def _sides(
    environments: Sequence[str], rev: str | None, spec: Path, suffix: str
) -> Iterator[tuple[Side, Side]]:
    if rev is not None and environments:
        raise UsageError("`--rev` and two environments cannot be compared at once", "Leave one of them out.")
    if rev is not None:
        with since(rev, spec, suffix) as sides:
            yield sides
    elif len(environments) == 2:
        first, second = (_environment(spec, environment) for environment in environments)
        yield first, second
    else:
        hint = "Name two environments, as in `iotgen diff dev prod`, or a revision: `iotgen diff --rev main`."
        raise UsageError("there is nothing to compare with", hint)


def _environment(spec: Path, suffix: str) -> Side:
    from iotgen.guard.environments import likely_environment
    from iotgen.spec.overlay import environments

    checked, _ = sound(spec, suffix)
    if likely := likely_environment(suffix, environments(checked.document)):
        say(f"`{suffix}` has no overlay in the spec; did you mean `{likely}`?")
    return side(checked, suffix)


@contextmanager
def since(rev: str, spec: Path, suffix: str) -> Iterator[tuple[Side, Side]]:
    """The revision `rev` of a spec, and the working tree."""
    from iotgen.build import check
    from iotgen.revision import revision

    now, _ = sound(spec, suffix)
    with revision(rev, spec, now.root) as found:
        then = _named(check(found.spec, suffix, found.root), rev, {str(found.spec): str(spec)})
        without_errors(then)
        yield side(then, rev), side(now, "working tree")


def _named(checked: Checked, rev: str, names: Mapping[str, str]) -> Checked:
    """What was checked, with its files called as in git: `main:specs/pipeline.yaml`."""
    from dataclasses import replace

    def called(file: str) -> str:
        return f"{rev}:{names.get(file, file)}"

    return replace(
        checked,
        document=replace(checked.document, file=called(checked.document.file)),
        problems=tuple(replace(problem, file=called(problem.file)) for problem in checked.problems),
        texts={called(file): text for file, text in checked.texts.items()},
    )


def side(checked: Checked, label: str) -> Side:
    """A side to compare."""
    from iotgen.build import code
    from iotgen.compare import Side
    from iotgen.kinds.layers import Layer
    from iotgen.package import read_requirements

    layers = checked.pipeline.all(Layer) if checked.pipeline else ()
    pinned = [layer for layer in layers if layer.requirements]
    texts = {layer.key: checked.sources.text(layer.requirements) or "" for layer in pinned}
    pins = {
        key: {pin.name: (pin.version, pin.hashes) for pin in read_requirements(text)[0]}
        for key, text in texts.items()
    }
    return Side(
        label=label,
        document=checked.document,
        sources=checked.sources,
        code=code(checked),
        pins=pins,
        own=checked.own.texts,
    )


def _print(before: Side, after: Side, differences: Sequence[Difference], form: str) -> None:
    from iotgen.compare.data import as_data
    from iotgen.compare.text import counted, markdown, text

    if form == "json":
        print_json(
            {
                "before": before.label,
                "after": after.label,
                "differences": [as_data(one) for one in differences],
            }
        )
        return
    title = f"{before.label} -> {after.label}"
    if form == "markdown":
        click.echo("\n".join(markdown(differences, title)))
        return
    for line in text(differences):
        click.secho(line, fg=_COLOURS.get(line[:1]))
    click.echo(f"{title}: {counted(differences)}")


COMMANDS = (diff,)
