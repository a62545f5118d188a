"""The confirmation before a change: the target, the environment, and what would be lost."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from iotgen.errors import IotgenError, UsageError
from iotgen.spec.nearest import nearest
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.deploy import Deployment
    from iotgen.guard.held import Held
    from iotgen.terraform.plan import Change, Contents

# Returns what the user types after a text.
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Consent:
    """What the command line agrees to: no questions, and the names of what may be destroyed."""

    yes: bool
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """What is asked before a plan is applied.

    `likely` is the environment that was probably meant instead of `suffix`; `fresh` when nothing is deployed
    yet; `held` are the resources that the plan destroys, with what they hold. `whole` when it destroys the
    environment. `counts` is what the plan does, in numbers.
    """

    place: str
    suffix: str
    likely: str | None
    fresh: bool
    held: tuple[Held, ...]
    whole: bool
    counts: str

    def missing(self, allowed: frozenset[str]) -> tuple[Held, ...]:
        """What holds something, and may not be destroyed by what is `allowed`."""
        from iotgen.guard.held import not_allowed

        return () if self.whole and self.suffix in allowed else not_allowed(self.held, allowed)

    def names(self, missing: Iterable[Held]) -> tuple[str, ...]:
        """What a user has to name to destroy it all."""
        names = tuple(dict.fromkeys(held.loss.name for held in missing))
        return (self.suffix,) if self.whole and names else names


def likely_environment(suffix: str, listed: Iterable[str]) -> str | None:
    """The environment in the spec that `suffix` probably misspells."""
    names = list(listed)
    if suffix in names:
        return None
    # `eu1` and `eu2` are different environments, not a misspelling.
    return nearest(suffix, [name for name in names if _digits(name) == _digits(suffix)])


def question(
    contents: Contents, deployment: Deployment, likely: str | None = None, *, whole: bool = False
) -> Question:
    """What to ask about a plan; asks AWS what is held by what it destroys."""
    from iotgen.deploy import place_of
    from iotgen.terraform.plan import Action

    number = {action: len(contents.addresses(action)) for action in Action}
    counts = (
        f"{number[Action.CREATE]} to add, {number[Action.UPDATE]} to change, "
        f"{number[Action.REPLACE]} to replace, {number[Action.DESTROY]} to destroy"
    )
    return Question(
        place=place_of(deployment),
        suffix=deployment.suffix,
        likely=likely,
        fresh=contents.fresh,
        held=_held(contents.changes, deployment),
        whole=whole,
        counts=counts,
    )


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
        refuse_misspelt(asked.suffix, asked.likely, fresh=asked.fresh)
        _refuse_losses(asked, missing)
    elif not (ask or sys.stdin.isatty()):
        raise IotgenError(
            "cannot ask for confirmation: standard input is not a terminal",
            f"Pass `{_options(('--yes',), asked.names(missing))}`.",
        )
    for line in lost_lines(asked.held):
        click.secho(line, fg="red", err=True)
    if not consent.yes:
        for line in described(asked.place, asked.suffix, asked.likely, fresh=asked.fresh):
            click.secho(line, bold=True, err=True)
        _ask(asked, asked.names(missing), ask or _prompt)


def _refuse_losses(asked: Question, missing: tuple[Held, ...]) -> None:
    """UsageError where something holds what nobody has allowed to destroy."""
    if missing:
        what = "; ".join(_described(held) for held in missing)
        raise UsageError(
            f"nothing was changed: this would destroy {what}",
            f"Pass `{_options((), asked.names(missing))}` to destroy it.",
        )


def refuse_misspelt(suffix: str, likely: str | None, *, fresh: bool) -> None:
    """UsageError if `--yes` would create a new environment whose name is probably a misspelling."""
    if likely and fresh:
        message = f"there is no environment `{suffix}` yet, in the spec or on AWS; did you mean `{likely}`?"
        raise UsageError(message, f"To create it, add `{suffix}: {{}}` to `environments`, or omit `--yes`.")


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


def described(place: str, suffix: str, likely: str | None, *, fresh: bool) -> tuple[str, str]:
    """The lines that show the target and the environment."""
    new = " (new: nothing is deployed to it yet)" if fresh else ""
    suggestion = f"; did you mean `{likely}`?" if likely and fresh else ""
    return f"target: {place}", f"environment: `{suffix}`{new}{suggestion}"


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


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
