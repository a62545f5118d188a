"""The confirmation before a change: the target, the environment, and what would be lost."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from iotgen.errors import IotgenError, UsageError
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.build import Built
    from iotgen.deploy import Deployment
    from iotgen.guard.held import Held
    from iotgen.guard.moves import Move
    from iotgen.model.pipeline import Pipeline
    from iotgen.spec.document import Document
    from iotgen.terraform.plan import Change, Contents

# Returns what the user types after a text.
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Consent:
    """What the command line agrees to: no questions, and the names of what may be destroyed."""

    yes: bool
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likely:
    """An environment that was probably meant by the name of a new one, and whether the spec declares it."""

    name: str
    declared: bool


@dataclass(frozen=True)
class Question:
    """What is asked before a plan is applied.

    `likely` is the environment that was probably meant instead of `suffix`; `fresh` when nothing is deployed
    yet; `held` are the resources that the plan destroys, with what they hold. `whole` when it destroys the
    environment. `counts` is what the plan does, in numbers. `offers` are lines on how to keep what
    seems to be renamed.
    """

    place: str
    suffix: str
    likely: Likely | None
    fresh: bool
    held: tuple[Held, ...]
    whole: bool
    counts: str
    offers: tuple[str, ...] = ()

    def missing(self, allowed: frozenset[str]) -> tuple[Held, ...]:
        """What holds something, and may not be destroyed by what is `allowed`."""
        from iotgen.guard.held import not_allowed

        return () if self.whole and self.suffix in allowed else not_allowed(self.held, allowed)

    def names(self, missing: Iterable[Held]) -> tuple[str, ...]:
        """What a user has to name to destroy it all."""
        names = tuple(dict.fromkeys(held.loss.name for held in missing))
        return (self.suffix,) if self.whole and names else names


def question(contents: Contents, deployment: Deployment, done: Built | None = None) -> Question:
    """What to ask about a plan; asks AWS what is held by what it destroys.

    `done` is what was built for it, None if it destroys the environment.
    """
    from iotgen.deploy import place_of
    from iotgen.terraform.plan import Action

    all_held = _held(contents.changes, deployment)
    number = {action: len(contents.addresses(action)) for action in Action}
    counts = (
        f"{number[Action.CREATE]} to add, {number[Action.UPDATE]} to change, "
        f"{number[Action.REPLACE]} to replace, {number[Action.DESTROY]} to destroy"
    )
    return Question(
        place=place_of(deployment),
        suffix=deployment.suffix,
        likely=_likely(deployment, done) if done and contents.fresh else None,
        fresh=contents.fresh,
        held=all_held,
        whole=done is None,
        counts=counts,
        offers=tuple(_offers(all_held, contents, done)) if done else (),
    )


def _likely(deployment: Deployment, done: Built) -> Likely | None:
    """The environment that was probably meant by the name of a new one."""
    from iotgen.guard.environments import likely_environment
    from iotgen.output import environments_of
    from iotgen.spec.overlay import environments

    if done.pipeline is None or done.document is None:
        return None
    declared = environments(done.document)
    known = (*declared, *environments_of(deployment.out, done.pipeline.name))
    name = likely_environment(deployment.suffix, (*known, *_with_state(deployment, done.pipeline)))
    return Likely(name, declared=name in declared) if name else None


def _with_state(deployment: Deployment, pipeline: Pipeline) -> tuple[str, ...]:
    from iotgen.deploy import Target, clients_in
    from iotgen.guard.environments import with_state

    if deployment.target is not Target.AWS or pipeline.state is None:
        return ()
    s3 = clients_in(deployment, pipeline.state.region)("s3")
    return with_state(s3, pipeline.state, deployment.suffix)


def _offers(all_held: tuple[Held, ...], contents: Contents, done: Built) -> Iterator[str]:
    from iotgen.guard.moves import moves

    if done.pipeline and done.document:
        for move in moves(all_held, contents.changes, done.pipeline):
            yield from offer(move, done.document)


def offer(move: Move, document: Document) -> list[str]:
    """How a resource that was renamed is kept, with the text to paste."""
    place = document.place(move.path, key=True)
    others = "".join(f" or `{key}`" for key in move.others)
    return [
        f"`{move.old}` seems to be `{move.key}`{others} now. To keep what it holds, add to "
        f"{document.file}:{place.line}:",
        *(f"    {line}" for line in move.setting.splitlines()),
        f"It stays `{move.name}` on AWS, where a name cannot change. Its alarms are made anew.",
    ]


def _held(changes: Iterable[Change], deployment: Deployment) -> tuple[Held, ...]:
    from datetime import UTC, datetime

    from iotgen.deploy import clients
    from iotgen.guard.held import held
    from iotgen.guard.losses import losses

    lost = losses(changes)
    if not lost:
        return ()
    with click.progressbar(length=len(lost), label="Counting what would be lost", file=sys.stderr) as bar:
        return held(lost, clients(deployment), datetime.now(UTC), lambda _: bar.update(1))


def agree(asked: Question, consent: Consent, ask: Ask | None = None) -> None:
    """Show the target and what would be lost, and ask what the command line does not answer.

    IotgenError if declined, or if nobody can be asked: without `ask`, standard input has to be a terminal.
    """
    missing = asked.missing(consent.allowed)
    if consent.yes:
        refuse_misspelt(asked)
        _refuse_losses(asked, missing)
    elif not (ask or sys.stdin.isatty()):
        options = f"Pass `{_options(('--yes',), asked.names(missing))}`."
        raise IotgenError(
            "cannot ask for confirmation: standard input is not a terminal",
            "\n    ".join([options, *asked.offers]),
        )
    for line in lost_lines(asked.held):
        click.secho(line, fg="red", err=True)
    if not consent.yes:
        for line in described(asked):
            click.secho(line, bold=True, err=True)
        for line in asked.offers:
            click.echo(line, err=True)
        _ask(asked, asked.names(missing), ask or _prompt)


def _refuse_losses(asked: Question, missing: tuple[Held, ...]) -> None:
    """UsageError where something holds what nobody has allowed to destroy."""
    if missing:
        what = "; ".join(_described(held) for held in missing)
        options = f"Pass `{_options((), asked.names(missing))}` to destroy it."
        hint = "\n    ".join([options, *asked.offers])
        raise UsageError(f"nothing was changed: this would destroy {what}", hint)


def refuse_misspelt(asked: Question) -> None:
    """UsageError if `--yes` would create an environment whose name probably misspells one of the spec.

    Elsewhere, such as in previews for each branch, similar names are common.
    """
    if asked.likely and asked.likely.declared:
        message = (
            f"there is no environment `{asked.suffix}` yet, in the spec or on AWS; "
            f"did you mean `{asked.likely.name}`?"
        )
        hint = f"To create it, add `{asked.suffix}: {{}}` to `environments`, or omit `--yes`."
        raise UsageError(message, hint)


def _options(first: Iterable[str], names: Iterable[str]) -> str:
    return " ".join((*first, *(f"--allow-destroy {name}" for name in names)))


def _ask(asked: Question, names: tuple[str, ...], ask: Ask) -> None:
    for name in names:
        what = "all of it" if asked.whole else "it with what it holds"
        if ask(f"Type `{name}` to destroy {what}").strip() != name:
            raise IotgenError("nothing was changed")
    # Who has typed the environment's name has answered.
    if asked.whole and names:
        return
    if ask(f"{asked.counts}: proceed with `{asked.suffix}`? [y/N]").strip().lower() not in ("y", "yes"):
        raise IotgenError("nothing was changed")


def _prompt(text: str) -> str:
    answer: str = click.prompt(text, default="", show_default=False, err=True)
    return answer


def described(asked: Question) -> tuple[str, str]:
    """The lines that show the target and the environment."""
    new = " (new: nothing is deployed to it yet)" if asked.fresh else ""
    suggestion = f"; did you mean `{asked.likely.name}`?" if asked.likely else ""
    return f"target: {asked.place}", f"environment: `{asked.suffix}`{new}{suggestion}"


def lost_lines(all_held: tuple[Held, ...]) -> list[str]:
    """What is lost, a line each; what holds nothing is one line together."""
    full = [held for held in all_held if not held.amount.empty]
    empty = [f"`{held.loss.name}`" for held in all_held if held.amount.empty]
    width = max((len(_named(held)) for held in full), default=0)
    lines = [f"{_named(held):{width}}  {visible(held.amount.words)}" for held in full]
    return [*lines, *([f"destroy, empty: {', '.join(empty)}"] if empty else [])]


def _named(held: Held) -> str:
    return f"{'replace' if held.loss.replaced else 'destroy'} {held.loss.noun} `{held.loss.name}`"


def _described(held: Held) -> str:
    return f"the {held.loss.noun} `{held.loss.name}` ({visible(held.amount.words)})"
