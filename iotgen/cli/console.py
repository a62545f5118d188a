"""The output of the commands: results on stdout, progress and problems on stderr."""

import sys
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import NoReturn

import click

from iotgen.errors import IotgenError
from iotgen.problem import Problem, Severity
from iotgen.visible import visible

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def say(line: str) -> None:
    """Print a line of progress."""
    click.secho(line, fg="cyan", err=True)


def to_stdout(line: str) -> None:
    """Print a line of a result."""
    click.echo(line)


def to_stderr(line: str) -> None:
    """Print a line of another program's progress."""
    click.echo(line, err=True)


def print_json(value: object) -> None:
    """Print a result as JSON."""
    import json

    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def print_problems(problems: Iterable[Problem], texts: Mapping[str, str]) -> None:
    """Print problems as text, each with its line of the file; `texts` has the files."""
    from iotgen import formats

    click.echo(formats.text(problems, texts, _paint), err=True, nl=False)


def refuse_spec(problems: Iterable[Problem], texts: Mapping[str, str]) -> NoReturn:
    """Print the problems of a spec that has errors, as all errors are printed, and exit with 1."""
    from iotgen import formats

    if _JSON_ERRORS.get():
        listed = list(problems)
        error = as_data(IotgenError(f"the spec has {formats.counts(listed)}"))
        print_json({"error": {**error["error"], "problems": formats.as_data(listed)}})
    else:
        print_problems(problems, texts)
    sys.exit(1)


def _paint(text: str, severity: Severity) -> str:
    return click.style(text, fg=_COLOURS[severity], bold=True)


# Whether errors are printed as JSON, on standard output, for the program that reads the results there.
_JSON_ERRORS: ContextVar[bool] = ContextVar("json_errors", default=False)


def errors_as_json(chosen: bool) -> None:
    """Print errors as JSON from now on, or as text."""
    _JSON_ERRORS.set(chosen)


def as_data(error: IotgenError) -> dict[str, dict[str, object]]:
    """An error as JSON data."""
    about: dict[str, object] = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code}
    return {"error": about}


def show(error: IotgenError) -> int:
    """Show an error and its hint; return its exit code."""
    if _JSON_ERRORS.get():
        print_json(as_data(error))
        return error.exit_code
    message, hint = visible(error.message, keep="\n"), visible(error.hint, keep="\n")
    click.echo(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)
    if hint:
        click.echo(f"    {hint}", err=True)
    return error.exit_code
