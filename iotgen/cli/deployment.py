"""Commands that deploy, or show what is deployed: apply, destroy, output."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.confirm import Consent, agree, question
from iotgen.cli.console import print_json, print_problems, say, to_stderr
from iotgen.cli.preflight import refuse_unready
from iotgen.cli.progress import progress
from iotgen.cli.project import built
from iotgen.cli.reviewed import print_review, reviewed
from iotgen.cli.rollouts import finish_rollouts, say_rollouts, waiting_rollouts
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.history.record import Action, Record
    from iotgen.terraform.plan import Contents, Plan
    from iotgen.terraform.root_module import RootModule


@click.command()
@options.spec
@options.terraform
@options.yes
@options.allow_destroy
@options.full
def apply(spec: Path, yes: bool, allowed: tuple[str, ...], **values: Any) -> None:
    """Render, plan, ask for confirmation, and apply that plan.

    Exactly the confirmed plan is applied. Prints the outputs of the deployment, as JSON.
    """
    from iotgen.history.record import Action

    consent = Consent(yes, frozenset(allowed))
    deploy(spec, options.deployment(values, sink=to_stderr), consent, action=Action.APPLY)


def deploy(
    spec: Path, deployment: Deployment, consent: Consent, *, action: Action, restores: Record | None = None
) -> None:
    """Bring what is deployed up to date, and print its outputs."""
    print_json(brought(spec, deployment, consent, action=action, restores=restores).outputs())


def brought(
    spec: Path, deployment: Deployment, consent: Consent, *, action: Action, restores: Record | None = None
) -> RootModule:
    """Build, plan, ask, apply and record; a rollback is one that `restores` an earlier deployment.

    Then `spec` is a copy, and messages have the name that it had.
    """
    from iotgen.deploy import local_died, ready, require_credentials
    from iotgen.review.code import stale_code

    done = built(spec, deployment.suffix, deployment.out, restores.spec if restores else "")
    require_credentials(deployment)
    module = ready(deployment)
    try:
        refuse_losses(done, module)
        with module.plan() as planned:
            contents = module.contents(planned)
            waiting = waiting_rollouts(deployment, done)
            if not planned.changes and not stale_code(contents) and not waiting:
                say("Nothing to change.")
            else:
                say_rollouts(deployment, done, contents, waiting)
                record = partial(_recorded, spec, deployment, done, action, restores.id if restores else "")
                _apply(module, planned, contents, deployment, done, consent, record)
    except IotgenError as error:
        raise local_died(deployment) or error from error
    return module


def _recorded(
    spec: Path, deployment: Deployment, done: Built, action: Action, restores: str
) -> AbstractContextManager[None]:
    """Record what is applied meanwhile, with the project's files as they are now."""
    from iotgen.recording import history_of, project_of, recorded

    if done.pipeline is None or done.checked is None:
        return nullcontext()
    project = project_of(spec, done.checked)
    history = history_of(deployment, done.pipeline.state)
    return recorded(history, deployment, done.pipeline.name, action, project, restores)


def refuse_losses(done: Built, module: RootModule) -> None:
    """Show the changes that an apply cannot make; IotgenError if it would fail or lose data."""
    from iotgen import changes
    from iotgen.changes.region import elsewhere
    from iotgen.problem import Severity

    if done.pipeline is None or done.document is None:
        return
    state = module.state()
    problems = changes.problems(done.pipeline, done.document, state)
    # The state may lack fixes made by hand, so refresh it. In another region that would find nothing.
    if problems and not elsewhere(state, done.pipeline.region):
        problems = changes.problems(done.pipeline, done.document, module.refreshed())
    print_problems(problems, done.texts)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise IotgenError("nothing was planned: an apply would fail, or lose the data named above")


def _apply(
    module: RootModule,
    planned: Plan,
    contents: Contents,
    deployment: Deployment,
    done: Built,
    consent: Consent,
    record: Callable[[], AbstractContextManager[None]],
) -> None:
    """Ask for confirmation and apply; first create a role for API Gateway's logs, if the account has none."""
    from iotgen import api_logs
    from iotgen.deploy import Target, clients, lacks_log_role
    from iotgen.review.code import with_code

    pipeline = done.pipeline
    if lacks_role := lacks_log_role(deployment, pipeline):
        say(
            "API Gateway has no role for its logs in this account and region. "
            f"This apply creates `{api_logs.ROLE}`, which all APIs there share and a destroy keeps."
        )
    review = reviewed(done, deployment.suffix, contents)
    print_review(review, err=True)
    if contents.fresh and deployment.target is Target.AWS:
        refuse_unready(deployment, done)
    _refuse_refused(contents, whole=False)
    agree(question(with_code(contents), deployment, done), consent)
    if lacks_role:
        api_logs.provide(clients(deployment))
    with record():
        if planned.changes:
            with progress(review, full=deployment.full) as watch:
                module.apply(planned, watch)
        _settle_code(module, contents, deployment)
        finish_rollouts(deployment, done)
    # Earlier versions gave each pipeline a role of its own, which this apply may have removed.
    if not lacks_role and lacks_log_role(deployment, pipeline):
        api_logs.provide(clients(deployment))


def _refuse_refused(contents: Contents, *, whole: bool) -> None:
    """IotgenError where AWS would refuse what a plan destroys, after other parts of it are gone."""
    from iotgen.guard.refusals import refusal, refusals

    if refused := refusals(contents.changes):
        message, hint = refusal(refused, whole=whole)
        raise IotgenError(f"nothing was changed: {message}", hint)


def _settle_code(module: RootModule, contents: Contents, deployment: Deployment) -> None:
    """Put the rendered code where Terraform leaves other code, since it does not see it."""
    from iotgen.deploy import clients
    from iotgen.operate.code import CodeUpdates
    from iotgen.review.code import stale_code

    for one in stale_code(contents):
        content = (module.folder / one.zip).read_bytes()
        CodeUpdates(clients(deployment)("lambda")).put(one.name, content)
        say(f"  the code of {one.name} is as rendered again")


@click.command()
@options.spec
@options.terraform
@options.yes
@options.allow_destroy
@options.full
def destroy(spec: Path, yes: bool, allowed: tuple[str, ...], **values: Any) -> None:
    """Remove all resources of a deployment.

    Plans the removal, asks for confirmation, and applies exactly that plan. For `--allow-destroy`, the
    environment's name stands for everything in it.
    """
    from iotgen.build import check
    from iotgen.deploy import deployed, require_credentials

    deployment = options.deployment(values, sink=to_stderr)
    if not (deployment.rendered / "main.tf.json").exists():
        built(spec, deployment.suffix, deployment.out)
    require_credentials(deployment)
    module = deployed(deployment)
    if module is None:
        say("Nothing to destroy: the local AWS has stopped, and its resources are gone.")
        return
    _refuse_another_region(deployment, module)
    with module.plan(destroy=True) as planned:
        if not planned.changes:
            say("Nothing to destroy.")
        else:
            contents = module.contents(planned)
            review = reviewed(check(spec, deployment.suffix), deployment.suffix, contents)
            print_review(review, err=True)
            _refuse_refused(contents, whole=True)
            agree(question(contents, deployment), Consent(yes, frozenset(allowed)))
            with _recorded_destroy(deployment), progress(review, full=deployment.full) as watch:
                module.apply(planned, watch)


def _recorded_destroy(deployment: Deployment) -> AbstractContextManager[None]:
    from iotgen.deploy import state_of
    from iotgen.history.record import Action
    from iotgen.output import pipeline_of
    from iotgen.recording import history_of, recorded

    history = history_of(deployment, state_of(deployment.rendered))
    pipeline = pipeline_of(deployment.rendered) or "unknown"
    return recorded(history, deployment, pipeline, Action.DESTROY, None)


def _refuse_another_region(deployment: Deployment, module: RootModule) -> None:
    """IotgenError if Terraform would look in another region, and drop all resources from the state."""
    from iotgen.changes.region import elsewhere
    from iotgen.deploy import region_of

    region = region_of(deployment.rendered)
    if deployed := elsewhere(module.state(), region):
        raise IotgenError(
            f"`{deployment.suffix}` is deployed in {deployed}, but {deployment.rendered} is rendered for "
            f"{region}: a destroy would find no resources there, and drop them all from the state",
            f"Set `region: {deployed}` in the spec, run `iotgen render`, then repeat this command.",
        )


@click.command()
@options.spec
@options.terraform
def output(spec: Path, **values: Any) -> None:
    """Print the outputs of the deployment, as JSON."""
    from iotgen.deploy import outputs

    print_json(outputs(options.deployment(values, sink=to_stderr)))


COMMANDS = (apply, destroy, output)
