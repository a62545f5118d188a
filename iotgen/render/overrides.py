"""A project's own templates, held against what Terraform takes, what the rules demand, and each other.

Only what they make is looked into: tests hold the built-in templates to the same. They are rendered for every
resource, so a fault that only one of them brings to light is found too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Problem, Severity
from iotgen.render.conform import faults
from iotgen.render.engine import Engine, TemplateError, file_name
from iotgen.render.explain import explain, explain_json
from iotgen.render.fault import Fault, Path
from iotgen.render.locate import Locator
from iotgen.render.places import repeated
from iotgen.render.references import Made, conflicts, fits_as_built_in
from iotgen.render.render import renderings
from iotgen.render.template import Template
from iotgen.render.unmet import unmet
from iotgen.spec.ignores import apply_ignores, find_ignores
from iotgen.spec.nearest import nearest

_ENDING = file_name("")
# A template that makes nothing of use is at fault whatever was meant.
_BROKEN = ("IOT501", "IOT502", "IOT503")


def problems(
    pipelines: Iterable[Pipeline], own: Mapping[str, Template], built_in: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Every problem of the templates in `own`, each once for all `pipelines`; both have them by file name."""
    inspection = _Inspection(own, built_in)
    for pipeline in pipelines:
        inspection.inspect(pipeline)
    found = [*_misnamed(own, built_in), *inspection.found]
    return tuple(sorted(_without_ignored(found, own)))


class _Inspection:
    """Collects problems; what several resources show of one template is told once."""

    def __init__(self, own: Mapping[str, Template], built_in: Mapping[str, str]) -> None:
        self.found: list[Problem] = []
        self._own = own
        texts = {**built_in, **{name: template.text for name, template in own.items()}}
        self._engine = Engine(texts.get)
        self._reference = Engine(built_in.get)
        self._locator = Locator(texts.get, own)
        self._told: set[tuple[str, str, str, Path]] = set()
        self._gone: set[tuple[str, Path]] = set()

    def inspect(self, pipeline: Pipeline) -> None:
        """Find the problems of all templates with what `pipeline` fills them with."""
        own: list[tuple[str, Mapping[str, Any]]] = []
        others: list[tuple[str, Mapping[str, Any]]] = []
        zips = [function.zip for function in pipeline.all(Function)]
        zips += [layer.zip for layer in pipeline.all(Layer)]
        for rendering in renderings(pipeline, dict.fromkeys(zips, "digest")):
            template = rendering.template
            holes = {"pipeline": pipeline, "digest": "digest", **rendering.holes}
            (own if file_name(template) in self._own else others).append((template, holes))
        made = [one for one in (self._made(template, holes) for template, holes in own) if one is not None]
        # Most overrides change a setting: then all fits together as it does without them.
        if len(made) < len(own) or all(map(fits_as_built_in, made)):
            return
        rest = [Made(template, holes, self._engine.render(template, holes)) for template, holes in others]
        for one, fault in conflicts([*rest, *made]):
            self._tell(one, fault)

    def _made(self, template: str, holes: Mapping[str, Any]) -> Made | None:
        """What an own template makes, once its faults are told; None when it is of no use to others."""
        try:
            text = self._engine.text(template, holes)
        except TemplateError as error:
            self._tell_failure(error, holes)
            return None
        one = Made(template, holes, {}, text, self._reference.render(template, holes))
        try:
            one = replace(one, document=json.loads(text))
            found = list(_faults(one))
        except json.JSONDecodeError as error:
            found = [explain_json(error)]
        except RecursionError:
            found = [Fault((), "IOT502", "this nests too deeply to be read", offset=0)]
        for fault in found:
            self._tell(one, fault)
        return None if any(fault.code in _BROKEN for fault in found) else one

    def _tell(self, one: Made, fault: Fault) -> None:
        """Add the problem, unless the template was told so before."""
        if len(fault.about) == 2:  # a type that is gone, by whichever rule
            if (one.template, fault.about) in self._gone:
                return
            self._gone.add((one.template, fault.about))
        # The third step is the name of one resource.
        key = (one.template, fault.code, fault.message, (*fault.path[:2], *fault.path[3:]))
        if key not in self._told:
            self._told.add(key)
            self.found.append(self._locator.problem(one.template, one.holes, one.text, fault))

    def _tell_failure(self, error: TemplateError, holes: Mapping[str, Any]) -> None:
        fault, word = explain(error.said, holes)
        key = (error.file, fault.code, fault.message, (error.line or 1,))
        if key not in self._told:
            self._told.add(key)
            self.found.append(self._locator.at_line(error.file, error.line or 1, fault, [word]))


def _faults(one: Made) -> Iterator[Fault]:
    """The faults of what an own template made."""
    for path, offset in repeated(one.text):
        said = f"`{path[-1]}` is here twice: only the last one counts"
        yield Fault(path, "IOT516", said, offset=offset)
    wrong = list(faults(one.document))
    yield from wrong
    if any(fault.code in _BROKEN for fault in wrong):
        return
    for fault in unmet(one.template, one.document, one.built_in or {}):
        if not any(_follows(fault.about, other.about) for other in wrong if other.about):
            yield fault


def _follows(path: Path, other: Path) -> bool:
    """Whether a fault about one is there because of a fault about the other: one is part of the other."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _misnamed(own: Mapping[str, Template], built_in: Mapping[str, str]) -> Iterator[Problem]:
    """Templates that are called like none of the built-in ones, and that no other one includes."""
    for name, template in own.items():
        if name in built_in or any(name in other.text for other in own.values()):
            continue
        meant = nearest(name.removesuffix(_ENDING), [known.removesuffix(_ENDING) for known in built_in])
        asked = f"; did you mean `{file_name(meant)}`?" if meant else ""
        said = f"this overrides nothing: no built-in template is called `{name}`{asked}"
        hint = "" if meant else f"there are: {', '.join(sorted(built_in))}"
        yield Problem(template.file, 1, 1, "IOT504", said, Severity.WARNING, hint=hint)


def _without_ignored(found: Iterable[Problem], own: Mapping[str, Template]) -> Iterator[Problem]:
    """The problems; what a comment switches off, as in a spec but within `{#` and `#}`, is information."""
    by_file: dict[str, list[Problem]] = {template.file: [] for template in own.values()}
    for problem in found:
        if problem.code in _BROKEN or problem.file not in by_file:
            yield problem
        else:
            by_file[problem.file].append(problem)
    for template in own.values():
        text = template.text.replace("{#", " #").replace("#}", "  ")
        ignores, misused = find_ignores(text, template.file)
        yield from misused
        yield from apply_ignores(by_file[template.file], ignores, template.file)
