"""Commands on a project's files: init, check, explain, render, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iotgen import __version__
from iotgen.cli import options
from iotgen.cli.console import print_problems, refuse_spec, say
from iotgen.cli.uncollected import uncollected
from iotgen.problem import Severity

if TYPE_CHECKING:
    from iotgen.build import Built


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Create a project from the reference pipeline.

    DIRECTORY is the current one by default.
    """
    from iotgen.init import init as make

    for path in make(directory):
        click.echo(directory / path)
    say(f"next: {'' if directory == Path() else f'cd {directory} && '}iotgen apply --target local")


@click.command()
@options.spec
@options.suffix
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="The format of the problems.",
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@uncollected()
def check(spec: Path, suffix: str, form: str, strict: bool) -> None:
    """Report every problem in a spec; write no files."""
    from iotgen import formats
    from iotgen.build import check as find
    from iotgen.sarif import sarif

    checked = find(spec, suffix)
    if form == "json":
        click.echo(formats.as_json(checked.problems), nl=False)
    elif form == "sarif":
        click.echo(sarif(checked.problems, __version__), nl=False)
    else:
        print_problems(checked.problems, checked.texts)
        click.echo(f"{spec}: {formats.counts(checked.problems)}")
    sys.exit(0 if checked.sound and not (strict and checked.warned) else 1)


@click.command()
@options.spec
@options.suffix
@options.out
@uncollected()
def render(spec: Path, suffix: str, out: Path) -> None:
    """Render a spec into a folder of Terraform JSON and zips."""
    for name in built(spec, suffix, out).files:
        click.echo(out / suffix / name)


@click.command()
@click.argument("spec", required=False, type=click.Path(path_type=Path))
def schema(spec: Path | None) -> None:
    """Print the JSON Schema of the spec.

    With SPEC, the schema has the names that it declares, so that an editor can complete them.
    """
    import json

    from iotgen.project import editor_schema_of
    from iotgen.spec.schema import schema as whole

    shown = editor_schema_of(spec) if spec else whole()
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a problem by its CODE, such as IOT340, with an example.

    Omit CODE to list all codes.
    """
    from iotgen.codes import CODES, find_code, page

    if code is not None:
        click.echo(page(find_code(code)), nl=False)
        return
    for name, about in CODES.items():
        click.echo(f"{name}  {about.severity:7}  {about.summary}")


def built(spec: Path, suffix: str, out: Path, named: str = "") -> Built:
    """Build, show the errors and warnings, and exit with 1 if there is an error."""
    from iotgen.build import Request, build
    from iotgen.project import cache_folder

    done = build(Request(spec, suffix, out, cache_folder(), named), say)
    shown = [problem for problem in done.problems if problem.severity is not Severity.INFO]
    if done.folder is None:
        refuse_spec(shown, done.texts)
    print_problems(shown, done.texts)
    return done


COMMANDS = (init, check, explain, render, schema)
