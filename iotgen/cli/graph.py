"""The command that draws a pipeline: graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iotgen.cli import options
from iotgen.cli.environment import sound

if TYPE_CHECKING:
    from iotgen.build import Checked
    from iotgen.graph.page import About
    from iotgen.model.pipeline import Pipeline
    from iotgen.problem import Path as SpecPath


@click.command()
@options.spec
@options.suffix
@options.results("html", "mermaid", default="svg")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, not standard output.",
)
def graph(spec: Path, suffix: str, form: str, output: Path | None) -> None:
    """Draw a spec's pipeline: what calls what, with permissions, alarms and dead letters.

    From left to right: callers, endpoints, functions and queues, what they store, and who hears of it. An
    arrow's tip is where data go. Alarms and dead-letter queues are badges at their owner. With HTML, a click
    on a resource shows what `iotgen show` prints of it, but the cost.
    """
    checked, pipeline = sound(spec, suffix)
    text = _drawn(checked, pipeline, form)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")


def _drawn(checked: Checked, pipeline: Pipeline, form: str) -> str:
    from iotgen.graph.picture import as_json, as_mermaid, as_page, as_svg

    if form == "html":
        return as_page(pipeline, _about(checked, pipeline))
    return {"svg": as_svg, "mermaid": as_mermaid, "json": as_json}[form](pipeline)


def _about(checked: Checked, pipeline: Pipeline) -> dict[SpecPath, About]:
    """What `iotgen show` prints of each resource, but the cost."""
    from iotgen.graph.page import About, Facts
    from iotgen.project import built_in_templates
    from iotgen.render.render import owners
    from iotgen.show import describe, spec_of, subjects
    from iotgen.show.text import sections

    spec, addresses = spec_of(checked.document), owners(pipeline, built_in_templates().get)
    about = {}
    for subject in subjects(pipeline, spec):
        if not subject.is_alarm:
            told = describe(subject, spec, pipeline, addresses)
            facts = tuple(Facts(section.title, section.rows) for section in sections(told))
            about[subject.path] = About(f"{told.noun} {told.key}", f"{told.file}:{told.line}", facts)
    return about


COMMANDS = (graph,)
