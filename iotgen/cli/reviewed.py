"""The review of a plan: made of what Terraform plans and the spec, and printed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli.console import as_data, print_json
from iotgen.errors import IotgenError

if TYPE_CHECKING:
    from iotgen.build import Built, Checked
    from iotgen.review.review import Review
    from iotgen.terraform.plan import Contents

_STYLES: dict[str, dict[str, Any]] = {
    "loud": {"fg": "red", "bold": True},
    "heading": {"bold": True},
    "create": {"fg": "green"},
    "update": {"fg": "yellow"},
    "replace": {"fg": "red"},
    "destroy": {"fg": "red"},
    "forget": {"fg": "red"},
}
_WIDEST = 120
_NAMED = 5


def reviewed(source: Built | Checked, suffix: str, contents: Contents) -> Review:
    """The review of a plan, with the lines of a spec if that has no errors."""
    from iotgen import project
    from iotgen.render.render import owners
    from iotgen.review.code import with_code
    from iotgen.review.review import review, without_spec

    contents = with_code(contents)
    if source.pipeline is None or source.document is None:
        return without_spec(suffix, contents)
    made = owners(source.pipeline, project.built_in_templates().get)
    return review(source.pipeline, source.document, made, contents)


def print_review(review: Review, *, err: bool = False) -> None:
    """Print a review as text, with colours on a terminal."""
    from iotgen.review.text import text

    click.echo(text(review, width=_width(), paint=_paint), err=err, nl=False)


def print_drift(review: Review) -> None:
    """Print what differs on AWS as text."""
    from iotgen.review.text import drift

    click.echo(drift(review, width=_width(), paint=_paint), nl=False)


def print_result(review: Review, form: str, refused: IotgenError | None) -> None:
    """Print a review in a format; JSON has the error of a refused plan too, so that it is one object."""
    if form == "markdown":
        from iotgen.review.markdown import markdown

        click.echo(markdown(review), nl=False)
    elif form == "json":
        from iotgen.review.data import data

        print_json(data(review) | (as_data(refused) if refused else {}))
    else:
        print_review(review)


def refusal(review: Review, *, on_widening: bool, on_destroy: bool) -> IotgenError | None:
    """The error of a plan that does what the caller does not accept."""
    from iotgen.review.words import permission, unclear

    destroys = [item.address for item in review.destroying] if on_destroy else []
    widens = [permission(one) for one in review.widening] if on_widening else []
    may_widen = [unclear(one) for one in review.uncertain] if on_widening else []
    reasons = [f"the plan destroys {_several(destroys)}"] if destroys else []
    reasons += [f"the plan widens permissions: {_several(widens)}"] if widens else []
    reasons += [_several(may_widen)] if may_widen else []
    return IotgenError("; ".join(reasons)) if reasons else None


def _several(words: list[str]) -> str:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return ", ".join(words[:_NAMED]) + more


def _width() -> int:
    return min(_WIDEST, shutil.get_terminal_size().columns)


def _paint(text: str, style: str) -> str:
    return click.style(text, **_STYLES.get(style, {}))
