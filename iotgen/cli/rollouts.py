"""The rollouts of an apply: said before it, and followed after Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iotgen.cli.console import say
from iotgen.errors import RemoteError

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.operate.rollouts import Pending, Rollouts
    from iotgen.terraform.plan import Contents


def waiting_rollouts(deployment: Deployment, done: Built) -> tuple[Pending, ...]:
    """The functions whose newest version an earlier apply has not brought live."""
    rollouts = _rollouts(deployment, done)
    return rollouts.pending(done.pipeline) if rollouts and done.pipeline else ()


def say_rollouts(
    deployment: Deployment, done: Built, contents: Contents, waiting: tuple[Pending, ...]
) -> None:
    """Say what the rollouts of an apply will be."""
    from iotgen.kinds.functions import Function
    from iotgen.review.code import published

    if _rollouts(deployment, done) is None or done.pipeline is None:
        return
    labels = published(contents)
    for function in done.pipeline.all(Function):
        if function.rollout and function.label in labels:
            back = "; errors take it back" if function.rollout.duration else ""
            say(f"{function.key}: the new version gets {function.rollout.words}{back}")
    for one in waiting:
        if one.function.label not in labels:
            say(one.words)


def finish_rollouts(deployment: Deployment, done: Built) -> None:
    """Bring the newest versions of functions live, and follow CodeDeploy until it has."""
    rollouts = _rollouts(deployment, done)
    if rollouts and done.pipeline:
        with going_on():
            rollouts.finish(done.pipeline)


@contextmanager
def going_on() -> Iterator[None]:
    """Say, where following ends early, that AWS does not end with it."""
    try:
        yield
    except (KeyboardInterrupt, RemoteError):
        say(
            "What has begun of the rollouts goes on without iotgen: `iotgen status` shows which version is "
            "live, and `iotgen apply` follows them again."
        )
        raise


def _rollouts(deployment: Deployment, done: Built) -> Rollouts | None:
    """What brings versions live; None on the local AWS, whose aliases are the newest code."""
    from iotgen.deploy import Target, clients
    from iotgen.kinds.functions import Function
    from iotgen.operate.rollouts import Rollouts
    from iotgen.operate.status.collect import shared_clients

    functions = done.pipeline.all(Function) if done.pipeline else ()
    if deployment.target is not Target.AWS or not any(one.rollout for one in functions):
        return None
    return Rollouts(shared_clients(clients(deployment)), say)
