"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli.console import errors_as_json, say

if TYPE_CHECKING:
    from iotgen.deploy import Deployment

DEFAULT_SPEC = "specs/pipeline.yaml"
SUFFIX = re.compile(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")

Command = Callable[..., Any]


def check_suffixes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """The callback of an argument that takes suffixes."""
    return tuple(_check_suffix(context, parameter, value) for value in values)


def _check_suffix(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not SUFFIX.fullmatch(value):
        allowed = "at most 20 small letters, digits and dashes, beginning and ending with a letter or digit"
        raise click.BadParameter(f"{value!r} cannot be the suffix of names on AWS: use {allowed}")
    return value


spec = click.argument("spec", default=DEFAULT_SPEC, type=click.Path(path_type=Path))
spec_option = click.option(
    "--spec",
    type=click.Path(path_type=Path),
    default=Path(DEFAULT_SPEC),
    show_default=True,
    help="The spec of the environment.",
)
suffix = click.option(
    "--suffix",
    envvar="ENVIRONMENT_SUFFIX",
    default="dev",
    show_default=True,
    show_envvar=True,
    callback=_check_suffix,
    help="The environment, which every name on AWS ends with.",
)
out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="The output folder, with a folder for each environment.",
)
target = click.option(
    "--target",
    type=click.Choice(["aws", "local"]),
    default="aws",
    show_default=True,
    help="The deployment to use: on AWS, or on the local AWS.",
)


def results(*formats: str, default: str = "text") -> Callable[[Command], Command]:
    """Add `--format`, with text as the default and JSON or others besides.

    With JSON, an error is printed as JSON too. The command gets it as `form`.
    """

    def chosen(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
        errors_as_json(value == "json")
        return value

    return click.option(
        "--format",
        "form",
        type=click.Choice([default, "json", *formats]),
        default=default,
        show_default=True,
        is_eager=True,  # so that an error in another option has the form too
        callback=chosen,
        help="The format of the result, and of errors.",
    )


yes = click.option("--yes", "-y", is_flag=True, help="Skip the confirmation.")
allow_destroy = click.option(
    "--allow-destroy",
    "allowed",
    metavar="NAME",
    multiple=True,
    help="A resource to destroy with what it holds. Repeatable.",
)


full = click.option("--full", is_flag=True, help="Show Terraform's own output too.")
detailed_exitcode = click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 2 if there are differences."
)


def environment(command: Command) -> Command:
    """Add the options of commands on a deployed environment; `environment.opened` takes them."""
    return spec_option(suffix(out(target(command))))


local_target = click.option(
    "--target",
    type=click.Choice(["local", "aws"]),
    default="local",
    show_default=True,
    help="The deployment to use; only the local AWS takes code that Terraform does not know of.",
)


def terraform(command: Command) -> Command:
    """Add the options of the commands that run Terraform; `deployment` takes their values."""
    return _terraform(target, command)


def terraform_locally(command: Command) -> Command:
    """The same, for a command that is for the local AWS."""
    return _terraform(local_target, command)


def _terraform(target: Command, command: Command) -> Command:
    # find_terraform and find_plugin_dir read the variables, since their messages name the origin.
    program = click.option(
        "--terraform",
        show_default="IOTGEN_TERRAFORM, or the one on PATH",
        help="The Terraform to run: a path, a name on PATH, or `embedded`.",
    )
    plugins = click.option(
        "--plugin-dir",
        show_default="IOTGEN_PLUGIN_DIR, or a mirror in a common place, or the registry",
        help="The mirror with the AWS provider, or `registry`.",
    )
    wrapped: Command = suffix(out(target(program(plugins(command)))))
    return wrapped


def deployment(options: dict[str, Any], sink: Callable[[str], None]) -> Deployment:
    """The deployment that the options of `terraform` select; `sink` receives Terraform's output lines."""
    from iotgen.deploy import Deployment, Target

    return Deployment(**options | {"target": Target(options["target"])}, sink=sink, say=say)
