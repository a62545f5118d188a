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


def _check_suffix(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not SUFFIX.fullmatch(value):
        allowed = "small letters, digits and dashes, at most 20, beginning and ending with a letter or digit"
        raise click.BadParameter(f"{value!r} cannot end a name on AWS: use {allowed}")
    return value


spec = click.argument("spec", default=DEFAULT_SPEC, type=click.Path(path_type=Path))
_spec_option = click.option(
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
    callback=_check_suffix,
    help="Names the environment; also from ENVIRONMENT_SUFFIX.",
)
out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("out"),
    show_default=True,
    help="Where rendered folders go.",
)
target = click.option(
    "--target",
    type=click.Choice(["aws", "local"]),
    default="aws",
    show_default=True,
    help="AWS, or this machine.",
)


def results(*formats: str) -> Callable[[Command], Command]:
    """Add `--format`, with text as the default and JSON or others besides.

    With JSON, an error is printed as JSON too. The command gets it as `form`.
    """

    def chosen(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
        errors_as_json(value == "json")
        return value

    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", *formats]),
        default="text",
        show_default=True,
        is_eager=True,  # so that an error in another option has the form too
        callback=chosen,
        help="The form of the result, and of errors.",
    )


yes = click.option("--yes", "-y", is_flag=True, help="Don't ask.")


def environment(command: Command) -> Command:
    """Add the options of commands on a deployed environment; `environment.opened` takes them."""
    return _spec_option(suffix(out(target(command))))


def terraform(command: Command) -> Command:
    """Add the options of the commands that run Terraform; `deployment` takes their values."""
    program = click.option("--terraform", help="The Terraform to use; also from IOTGEN_TERRAFORM.")
    plugins = click.option(
        "--plugin-dir", help="A mirror with the AWS provider; also from IOTGEN_PLUGIN_DIR."
    )
    return suffix(out(target(program(plugins(command)))))


def deployment(options: dict[str, Any], sink: Callable[[str], None]) -> Deployment:
    """What the options of `terraform` choose; `sink` gets Terraform's own lines."""
    from iotgen.deploy import Deployment, Target

    return Deployment(**options | {"target": Target(options["target"])}, sink=sink, say=say)
