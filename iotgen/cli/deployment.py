"""Commands that run Terraform: plan, apply, destroy, output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.confirm import confirm, likely_environment, refuse_misspelt
from iotgen.cli.console import print_json, print_problems, say, to_stderr, to_stdout
from iotgen.cli.project import built
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.terraform.plan import Plan
    from iotgen.terraform.root_module import RootModule


@click.command()
@options.spec
@options.terraform
def plan(spec: Path, **given: Any) -> None:
    """Show what an apply would change."""
    from iotgen.deploy import ready, require_credentials

    deployment = options.deployment(given, sink=to_stdout)
    done = built(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = ready(deployment)
    _refuse_losses(done, module)
    with module.plan() as planned:
        if not planned.changes:
            click.echo("Nothing to change.")


@click.command()
@options.spec
@options.terraform
@options.yes
def apply(spec: Path, yes: bool, **given: Any) -> None:
    """Render, plan, ask, and apply just that plan."""
    from iotgen.deploy import local_died, ready, require_credentials

    deployment = options.deployment(given, sink=to_stderr)
    done = built(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = ready(deployment)
    try:
        _refuse_losses(done, module)
        with module.plan() as planned:
            if not planned.changes:
                say("Nothing to change.")
            else:
                _apply(module, planned, deployment, done, yes)
    except IotgenError as error:
        raise local_died(deployment) or error from error
    print_json(module.outputs())


def _refuse_losses(done: Built, module: RootModule) -> None:
    """Show what an apply cannot change, and exit where it would lose something."""
    from iotgen import changes
    from iotgen.changes.region import elsewhere
    from iotgen.problem import Severity

    if done.pipeline is None or done.document is None:
        return
    state = module.state()
    problems = changes.problems(done.pipeline, done.document, state)
    # What was mended by hand since is in no state yet. Another region would show nothing at all.
    if problems and not elsewhere(state, done.pipeline.region):
        problems = changes.problems(done.pipeline, done.document, module.refreshed())
    print_problems(problems, done.texts)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise IotgenError("nothing was planned: an apply would fail, or lose what is named above")


def _apply(module: RootModule, planned: Plan, deployment: Deployment, done: Built, yes: bool) -> None:
    """Ask and apply, with a role for the API's logs before, where the account has none."""
    from iotgen import api_logs
    from iotgen.deploy import Target, clients, lacks_log_role
    from iotgen.spec.overlay import environments

    pipeline = done.pipeline
    listed = environments(done.document) if done.document and deployment.target is Target.AWS else ()
    likely = likely_environment(deployment.suffix, listed)
    if lacking := lacks_log_role(deployment, pipeline):
        say(
            "API Gateway has no role for its logs in this account and region. "
            f"This apply makes `{api_logs.ROLE}`, which all APIs there share and a destroy leaves."
        )
    if not yes:
        confirm(module.summary(planned), deployment, likely)
    elif likely:
        refuse_misspelt(deployment.suffix, likely, fresh=module.summary(planned).fresh)
    if lacking:
        api_logs.provide(clients(deployment))
    module.apply(planned)
    # Earlier versions gave each pipeline a role of its own, which this apply may have removed.
    if not lacking and lacks_log_role(deployment, pipeline):
        api_logs.provide(clients(deployment))


@click.command()
@options.spec
@options.terraform
@options.yes
def destroy(spec: Path, yes: bool, **given: Any) -> None:
    """Plan the removal of everything, ask, and remove it."""
    from iotgen.deploy import deployed, require_credentials

    deployment = options.deployment(given, sink=to_stderr)
    if not (deployment.rendered / "main.tf.json").exists():
        built(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = deployed(deployment)
    if module is None:
        say("Nothing to destroy: the local AWS that held it is gone.")
        return
    _refuse_another_region(deployment, module)
    with module.plan(destroy=True) as planned:
        if not planned.changes:
            say("Nothing to destroy.")
        else:
            if not yes:
                confirm(module.summary(planned), deployment)
            module.apply(planned)


def _refuse_another_region(deployment: Deployment, module: RootModule) -> None:
    """IotgenError when Terraform would look for what is deployed in another region, and forget all of it."""
    from iotgen.changes.region import elsewhere
    from iotgen.deploy import region_of

    region = region_of(deployment.rendered)
    if there := elsewhere(module.state(), region):
        raise IotgenError(
            f"`{deployment.suffix}` is deployed in {there}, and {deployment.rendered} is rendered for "
            f"{region}, where a destroy would find nothing, and forget what it did not find",
            f"Put `region: {there}` into the spec, run `iotgen render`, and then this again.",
        )


@click.command()
@options.spec
@options.terraform
def output(spec: Path, **given: Any) -> None:
    """Print the outputs of what is deployed, as JSON."""
    from iotgen.deploy import outputs

    print_json(outputs(options.deployment(given, sink=to_stderr)))


COMMANDS = (plan, apply, destroy, output)
