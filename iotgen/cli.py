"""The command line: the one place that prints, asks, exits, and turns an error into a message.

Only click is imported here; each command imports what it needs, so that `--help` is immediate.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen import __version__
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.problem import Problem

DEFAULT_SPEC = "specs/pipeline.yaml"
SUFFIX = r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?"


def main() -> None:
    """Run iotgen; every failure that a user can mend ends as one message and an exit code."""
    try:
        cli(prog_name="iotgen")
    except IotgenError as error:
        _fail(error)
    except KeyboardInterrupt:
        click.secho("interrupted", fg="yellow", err=True)
        sys.exit(1)


def _fail(error: IotgenError) -> None:
    click.echo(f"{click.style('error:', fg='red', bold=True)} {error.message}", err=True)
    if error.hint:
        click.echo(f"    {error.hint}", err=True)
    sys.exit(error.exit_code)


def _say(line: str) -> None:
    click.secho(line, fg="cyan", err=True)


def _to_stdout(line: str) -> None:
    click.echo(line)


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)


def _check_suffix(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    import re

    if not re.fullmatch(SUFFIX, value):
        told = "small letters, digits and dashes, at most 20, beginning and ending with a letter or digit"
        raise click.BadParameter(f"{value!r} cannot end a name on AWS: use {told}")
    return value


_Command = Callable[..., Any]

_spec = click.argument("spec", default=DEFAULT_SPEC, type=click.Path(path_type=Path))
_suffix = click.option(
    "--suffix",
    envvar="ENVIRONMENT_SUFFIX",
    default="dev",
    show_default=True,
    callback=_check_suffix,
    help="Names the environment; also from ENVIRONMENT_SUFFIX.",
)
_out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="Where rendered folders go.",
)
_target = click.option(
    "--target",
    type=click.Choice(["aws", "local"]),
    default="aws",
    show_default=True,
    help="AWS, or this machine.",
)
_yes = click.option("--yes", "-y", is_flag=True, help="Don't ask.")


def _terraform_options(command: _Command) -> _Command:
    """Add the options of the commands that run Terraform."""
    terraform = click.option("--terraform", help="The Terraform to use; also from IOTGEN_TERRAFORM.")
    plugins = click.option(
        "--plugin-dir", help="A mirror with the AWS provider; also from IOTGEN_PLUGIN_DIR."
    )
    return _suffix(_out(_target(terraform(plugins(command)))))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """One YAML spec to a serverless IoT pipeline, on AWS or on this machine."""


@cli.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Make a new project from the reference pipeline."""
    from iotgen.init import init as make

    for path in make(directory):
        click.echo(directory / path)
    _say(f"next: {'' if directory == Path() else f'cd {directory} && '}iotgen apply --target local")


@cli.command()
@_spec
@_suffix
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text")
def check(spec: Path, suffix: str, form: str) -> None:
    """Find every problem in a spec; write nothing."""
    from iotgen import formats
    from iotgen.build import check as find

    checked = find(spec, suffix)
    if form == "json":
        click.echo(formats.as_json(checked.problems), nl=False)
    elif form == "sarif":
        click.echo(formats.sarif(checked.problems, __version__), nl=False)
    else:
        _print_problems(checked.problems)
        if not checked.problems:
            click.echo(f"{spec}: no problems")
    sys.exit(0 if checked.sound else 1)


@cli.command()
@_spec
@_suffix
@_out
def render(spec: Path, suffix: str, out: Path) -> None:
    """Write a spec's Terraform JSON and zips."""
    built = _build(spec, suffix, out)
    for name in built.files:
        click.echo(out / suffix / name)


@cli.command()
@_spec
@_terraform_options
def plan(spec: Path, **options: Any) -> None:
    """Show what an apply would change."""
    from iotgen.deploy import ready, require_credentials

    deployment = _deployment(options, sink=_to_stdout)
    _build(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    with ready(deployment).plan() as planned:
        if not planned.changes:
            click.echo("Nothing to change.")


@cli.command()
@_spec
@_terraform_options
@_yes
def apply(spec: Path, yes: bool, **options: Any) -> None:
    """Render, plan, ask, and apply just that plan."""
    from iotgen.deploy import local_died, ready, require_credentials

    deployment = _deployment(options, sink=_to_stderr)
    _build(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = ready(deployment)
    try:
        with module.plan() as planned:
            if not planned.changes:
                _say("Nothing to change.")
            elif yes or _confirmed(module.summary(planned), deployment):
                module.apply(planned)
    except IotgenError as error:
        raise local_died(deployment) or error from error
    _print_json(module.outputs())


@cli.command()
@_spec
@_terraform_options
@_yes
def destroy(spec: Path, yes: bool, **options: Any) -> None:
    """Plan the removal of everything, ask, and remove it."""
    from iotgen.deploy import deployed, require_credentials

    deployment = _deployment(options, sink=_to_stderr)
    if not (deployment.rendered / "main.tf.json").exists():
        _build(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = deployed(deployment)
    if module is None:
        _say("Nothing to destroy: the local AWS that held it is gone.")
        return
    with module.plan(destroy=True) as planned:
        if not planned.changes:
            _say("Nothing to destroy.")
        elif yes or _confirmed(module.summary(planned), deployment):
            module.apply(planned)


@cli.command()
@_spec
@_terraform_options
def output(spec: Path, **options: Any) -> None:
    """Print the outputs of what is deployed, as JSON."""
    from iotgen.deploy import outputs

    _print_json(outputs(_deployment(options, sink=_to_stderr)))


@cli.group()
def local() -> None:
    """The local AWS: MiniStack, on loopback only."""


@local.command()
@_out
@click.option("--port", type=click.IntRange(1, 65535), help="Its port; a free one without.")
def up(out: Path, port: int | None) -> None:
    """Start it, and wait until it is ready."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.up(local_aws_folder(out), port, say=_say)
    if note := server.interpreter_note():
        _say(note)
    click.echo(aws.endpoint)


@local.command()
@_out
def down(out: Path) -> None:
    """Stop it, with all that is in it."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    stopped = server.down(local_aws_folder(out), say=_say)
    click.echo("stopped" if stopped else "it was not running")


@local.command()
@_out
def status(out: Path) -> None:
    """Say whether it runs, and where."""
    from iotgen.deploy import local_aws_folder
    from iotgen.local import server

    aws = server.status(local_aws_folder(out))
    if aws is None:
        click.echo(server.died(local_aws_folder(out)) or "not running")
        return
    click.echo(f"running at {aws.endpoint} (process {aws.pid}, log {aws.log})")


@cli.command()
@click.argument("reading", default="-")
@_terraform_options
@click.option("--path", default="/ingest", show_default=True, help="The endpoint.")
def send(reading: str, path: str, **options: Any) -> None:
    """Post readings, signed: READING is JSON, @FILE, or - for standard input."""
    from iotgen.client import send as post
    from iotgen.deploy import caller

    body = _body(reading)
    call = caller(_deployment(options, sink=_to_stderr))
    _print_json(post(call.endpoint, body, call.credentials, call.region, path=path).body)


@cli.command()
@click.argument("device_id")
@click.option("--event-date", help="A day such as 2024-01-15, or longer: 2024-01-15T10.")
@click.option("--from", "from_", help="The earliest time: ISO 8601, or milliseconds.")
@click.option("--to", help="The latest time.")
@click.option("--table", type=click.Choice(["processed", "raw"]), help="Which readings; processed without.")
@click.option("--limit", type=click.IntRange(1), help="How many at most.")
@click.option("--next", "next_", help="The `next` of the page before.")
@_terraform_options
def query(device_id: str, from_: str | None, next_: str | None, **options: Any) -> None:
    """Ask for a device's readings, signed, newest first."""
    from iotgen.client import query as get
    from iotgen.deploy import caller

    given = {"device_id": device_id, "from": from_, "next": next_}
    given |= {name: options.pop(name) for name in ("event_date", "to", "table", "limit")}
    parameters = [(name, str(value)) for name, value in given.items() if value is not None]
    call = caller(_deployment(options, sink=_to_stderr))
    _print_json(get(call.endpoint, parameters, call.credentials, call.region).body)


@cli.command()
def schema() -> None:
    """Print the spec's JSON Schema."""
    from iotgen.spec.schema import SCHEMA_FILE

    click.echo(SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)


def _build(spec: Path, suffix: str, out: Path) -> Built:
    """Build, show the problems, and stop here when there are errors among them."""
    from iotgen.build import Request, build
    from iotgen.project import cache_folder

    built = build(Request(spec, suffix, out, cache_folder()), _say)
    _print_problems(built.problems)
    if built.folder is None:
        sys.exit(1)
    return built


def _print_problems(problems: tuple[Problem, ...]) -> None:
    from iotgen import formats

    click.echo(formats.text(problems), err=True, nl=False)


def _deployment(options: dict[str, Any], sink: Callable[[str], None]) -> Deployment:
    from iotgen.deploy import Deployment, Target

    return Deployment(**options | {"target": Target(options["target"])}, sink=sink, say=_say)


def _confirmed(summary: Any, deployment: Deployment) -> bool:
    """Show what would be lost, ask, and say how to answer when nobody can."""
    for kind in ("replace", "destroy"):
        for address in getattr(summary, kind):
            click.secho(f"{kind}: {address}", fg="red", err=True)
    if not sys.stdin.isatty():
        raise IotgenError("this needs a yes, and there is no terminal to ask on", "say it with `--yes`")
    counts = f"{len(summary.add)} to add, {len(summary.change)} to change, {len(summary.replace)} to replace"
    question = f"{counts}, {len(summary.destroy)} to destroy: go on with `{deployment.suffix}`?"
    if click.confirm(question, err=True):
        return True
    raise IotgenError("nothing was changed", "")


def _body(reading: str) -> bytes:
    """The request's body from the argument, a file or standard input."""
    try:
        if reading == "-":
            if sys.stdin.isatty():
                _say("Reading JSON from the terminal; end it with Ctrl-D")
            return sys.stdin.buffer.read()
        if reading.startswith("@"):
            return Path(reading[1:]).read_bytes()
    except OSError as error:
        raise IotgenError(
            f"{reading[1:]} cannot be read: {error.strerror}", "check the path after the @"
        ) from error
    return reading.encode()


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
