"""The command that shows one resource: show."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.compare import side
from iotgen.cli.console import print_json
from iotgen.cli.cost import devices, every, unchanged
from iotgen.cli.environment import sound
from iotgen.visible import visible

if TYPE_CHECKING:
    from iotgen.build import Checked
    from iotgen.cost import Load
    from iotgen.model.pipeline import Pipeline
    from iotgen.show import Cost, Description, Subject
    from iotgen.show.text import Row

_PIPED = 80
_GAP, _CUT, _NARROWEST = "  ", "...", 12
# How wide the first column and the others are at most for the sake of one cell.
_WIDTHS = (34, 22)


@click.command()
@click.argument("name")
@options.spec_option
@options.suffix
@devices
@every
@options.results()
def show(name: str, spec: Path, suffix: str, form: str, **load: Any) -> None:
    """Show one resource as it will be: settings and their origins, permissions, alarms, cost, addresses.

    NAME is a key of any section of the spec, or kind/key, such as `function/data-query`. An endpoint's key is
    its path.
    """
    from iotgen.cost import Load

    about = _described(name, Load(**load), *sound(spec, suffix))
    if form == "json":
        from dataclasses import asdict

        print_json(asdict(about))
    else:
        _print(about)


def _described(name: str, load: Load, checked: Checked, pipeline: Pipeline) -> Description:
    from iotgen.project import built_in_templates
    from iotgen.render.render import owners
    from iotgen.show import describe, find, spec_of, subjects

    spec = spec_of(checked.document)
    subject = find(name, subjects(pipeline, spec))
    about = describe(subject, spec, pipeline, owners(pipeline, built_in_templates().get))
    return replace(about, cost=_cost(subject, load, checked, pipeline))


def _cost(subject: Subject, load: Load, checked: Checked, pipeline: Pipeline) -> Cost:
    """What a resource costs; an endpoint has the cost of its whole path."""
    from iotgen.cost import Bill, bill, of_resource, read_measured, read_prices
    from iotgen.cost.text import load_text
    from iotgen.show import Cost

    prices = read_prices()
    same = unchanged(side(checked, pipeline.suffix))
    whole = bill(pipeline, load, read_measured(), prices, same)
    own = of_resource(whole, subject.kind.section, subject.key)
    if not subject.whole:
        own = Bill(tuple(line for line in whole.lines if line.path == subject.title))
    name = (lambda line: line.group) if subject.whole else (lambda line: line.service)
    return Cost(own.usd, own.by(name), load_text(load), prices.date)


def _print(about: Description) -> None:
    """A heading, and each section aligned."""
    from iotgen.show.text import sections

    wide = shutil.get_terminal_size((_PIPED, 24)).columns if sys.stdout.isatty() else _PIPED
    place = f"{about.file}:{about.line}"
    click.secho(f"{about.noun} {visible(about.key)} in {about.environment}  {visible(place)}", bold=True)
    for section in sections(about):
        click.secho(f"\n{section.title}", fg="cyan")
        _print_rows([tuple(map(visible, row)) for row in section.rows], wide)


def _print_rows(rows: Sequence[Row], wide: int) -> None:
    """Rows with aligned cells; in one that is too wide, the first is aligned at most, and the longest cut."""
    widths = [_width(rows, at) for at in range(max(map(len, rows)))]
    for row in rows:
        click.echo(_line(row, widths, wide) if len(row) > 1 else f"{_GAP}{row[0]}")


def _width(rows: Sequence[Row], at: int) -> int:
    """The width of a column."""
    return min(_WIDTHS[min(at, 1)], max(len(row[at]) for row in rows if at < len(row)))


def _line(row: Row, widths: Sequence[int], wide: int) -> str:
    for aligned in (widths, widths[:1], ()):
        line = _joined(row, aligned)
        if len(line) <= wide:
            return line
    over = len(line) - wide
    longest = max(row, key=len)
    kept = longest[: max(_NARROWEST, len(longest) - over - len(_CUT))] + _CUT
    return _joined([kept if cell is longest else cell for cell in row], ())


def _joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(widths[at]) if at < len(widths) else cell for at, cell in enumerate(cells)]
    return _GAP.join(["", *padded]).rstrip()


COMMANDS = (show,)
