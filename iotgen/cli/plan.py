"""Commands that show what Terraform would change, and change nothing: plan, drift."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import print_json, to_stderr, to_stdout
from iotgen.cli.deployment import refuse_losses
from iotgen.cli.project import built
from iotgen.cli.reviewed import print_drift, print_result, refusal, reviewed
from iotgen.cli.rollouts import say_rollouts
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.terraform.plan import Contents

# As `terraform plan -detailed-exitcode` has it.
_DIFFERENT = 2


@click.command()
@options.spec
@options.terraform
@options.full
@options.detailed_exitcode
@click.option("--fail-on-widening", is_flag=True, help="Exit with 1 if a role or policy gains permissions.")
@click.option("--fail-on-destroy", is_flag=True, help="Exit with 1 if a resource is destroyed, or data lost.")
@options.results("markdown")
def plan(
    spec: Path,
    form: str,
    detailed_exitcode: bool,
    fail_on_widening: bool,
    fail_on_destroy: bool,
    **values: Any,
) -> None:
    """Show what an apply would change.

    By the keys of the spec, with the old and the new value of each setting, what is lost, and what roles may
    do. `--format markdown` is for a comment on a pull request.
    """
    from iotgen.deploy import ready, require_credentials

    deployment = options.deployment(values, sink=to_stdout if form == "text" else to_stderr)
    done = built(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = ready(deployment)
    refuse_losses(done, module)
    with module.plan() as planned:
        contents = module.contents(planned)
    review = reviewed(done, deployment.suffix, contents)
    refused = refusal(review, on_widening=fail_on_widening, on_destroy=fail_on_destroy)
    print_result(review, form, refused)
    _say_refused(contents)
    say_rollouts(deployment, done, contents, ())
    if refused and form == "json":
        sys.exit(refused.exit_code)
    if refused:
        raise refused
    if detailed_exitcode and not review.empty:
        sys.exit(_DIFFERENT)


def _say_refused(contents: Contents) -> None:
    """What AWS would refuse to destroy, on the terminal beside the result."""
    from iotgen.guard.refusals import refusal, refusals

    if refused := refusals(contents.changes):
        for line in refusal(refused, whole=False):
            click.secho(line, fg="red", err=True)


@click.command()
@options.spec
@options.terraform
@options.full
@options.detailed_exitcode
@options.results()
def drift(spec: Path, form: str, detailed_exitcode: bool, **values: Any) -> None:
    """Show what differs on AWS from the last apply, such as settings changed by hand.

    Changes neither AWS nor the state. `iotgen plan` shows what of it an apply would put back.
    """
    from iotgen.build import check
    from iotgen.deploy import deployed, require_credentials
    from iotgen.review.data import drift_data

    deployment = options.deployment(values, sink=to_stdout if form == "text" else to_stderr)
    require_credentials(deployment)
    module = deployed(deployment)
    if module is None or not module.state():
        where = f"`{deployment.suffix}` on target {deployment.target}"
        hint = f"`iotgen apply --target {deployment.target} --suffix {deployment.suffix}` deploys it."
        raise IotgenError(f"nothing is deployed as {where}", hint)
    with module.plan(refresh_only=True) as planned:
        review = reviewed(check(spec, deployment.suffix), deployment.suffix, module.contents(planned))
    if form == "json":
        print_json(drift_data(review))
    else:
        print_drift(review)
    if detailed_exitcode and review.drift:
        sys.exit(_DIFFERENT)


COMMANDS = (plan, drift)
