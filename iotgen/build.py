"""The stages from a spec to a rendered folder.

1. read      the spec's text, and the files that it names (`project`)
2. load      YAML to data, with the line and column of every node (`spec.load`)
3. overlay   the settings of the environment (`spec.overlay`)
4. validate  the JSON Schema (`spec.validate`), and those of parameters' values (`kinds.parameters.values`)
5. fill      the schema's defaults (`spec.defaults`)
6. resolve   names and references to the model (`resolve`)
7. check     the rules (`checks`)
8. package   handlers and requirements to zips (`package`)
9. render    the model to Terraform JSON (`render`)
10. write    the files into the rendered folder (`output`)

Each stage takes the result of the one before it and returns frozen data; problems are collected, not raised.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from iotgen import project
from iotgen.checks import RULES, missing_import
from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.kinds.parameters.values import value_problems
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.output import refuse_another, staging
from iotgen.package import (
    Artifact,
    archive_digest,
    build_layer,
    file_digests,
    layer_modules,
    requirement_problems,
    size_problems,
    take_archive,
    zip_function,
    zip_layer,
    zip_problems,
)
from iotgen.patch.own import FOLDER, OwnFiles, made_twice, own_problems
from iotgen.patch.references import references, variables
from iotgen.problem import Finding, Problem, Severity
from iotgen.resolve import resolve
from iotgen.spec.defaults import fill
from iotgen.spec.direction import direction_problems
from iotgen.spec.document import Document
from iotgen.spec.ignores import apply_ignores, find_ignores
from iotgen.spec.load import load
from iotgen.spec.overlay import environments, overlay
from iotgen.spec.schema import schema
from iotgen.spec.validate import validate

Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to build: the spec's file, the environment, the output folder, and the cache of built layers.

    `named` is what the spec is called in messages, by default its path.
    """

    spec: Path
    suffix: str
    out: Path
    cache: Path
    named: str = ""


@dataclass(frozen=True)
class Checked:
    """A spec's problems, sorted by location, and its pipeline, if the spec is valid enough to resolve.

    `texts` has the files of the problems, by name.
    """

    root: Path
    pipeline: Pipeline | None
    sources: Sources
    document: Document
    problems: tuple[Problem, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    own: OwnFiles = field(default_factory=OwnFiles)

    @property
    def overrides(self) -> Mapping[str, Any]:
        """The spec's patches of the rendered files."""
        return self.document.data.get("overrides") or {} if isinstance(self.document.data, dict) else {}

    @property
    def sound(self) -> bool:
        """Whether there are no errors, so that the spec can be rendered."""
        return not _has_errors(self.problems)

    @property
    def warned(self) -> bool:
        """Whether there are warnings."""
        return any(problem.severity is Severity.WARNING for problem in self.problems)


@dataclass(frozen=True)
class Built:
    """A rendered folder and its files; `folder` is None if errors prevented the render."""

    pipeline: Pipeline | None
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    folder: Path | None = None
    files: tuple[str, ...] = ()
    document: Document | None = None
    checked: Checked | None = None


def check(spec: Path, suffix: str, root: Path | None = None, named: str = "") -> Checked:
    """Run stages 1 to 7, for the environment `suffix` and for each one in the spec's `environments`.

    `root` is the project's folder, by default the one that `project.find_root` finds. `named` is what the
    spec is called in messages, by default its path.
    """
    text = project.read_spec(spec)
    if isinstance(text, Problem):
        return Checked(Path.cwd(), None, Sources({}, {}), Document(str(spec), None, {}, {}), (text,))
    file = named or str(spec)
    written, problems = load(text, file)
    if written.data is None:
        return Checked(Path.cwd(), None, Sources({}, {}), written, problems, {file: text})
    root = root or project.find_root(spec, written.data)
    own = project.own_terraform(root)
    checked = _check_environment(written, suffix, root, own)
    others = [
        _check_environment(written, other, root, own) for other in environments(written) if other != suffix
    ]
    ignores, misused = find_ignores(text, file)
    collected = _once(
        [
            (*problems, *misused, *direction_problems(text, file), *own_problems(own)),
            checked.problems,
            *(other.problems for other in others),
        ]
    )
    reported = sorted(apply_ignores(collected, ignores, file))
    texts = {file: text} | {name: content for name, content in checked.sources.texts.items() if content}
    texts |= checked.sources.python()
    texts |= {f"{FOLDER}/{name}": content for name, content in own.texts.items()}
    return replace(checked, problems=tuple(reported), texts=texts)


def code(checked: Checked) -> dict[str, dict[str, str]]:
    """The digest of each file of a function's code, by the function's key; the spec must be sound."""
    root = checked.root
    functions = checked.pipeline.all(Function) if checked.pipeline else ()
    return {one.key: _code(one, root) for one in functions}


def _code(function: Function, root: Path) -> dict[str, str]:
    if function.image:
        return {function.image.uri: "image"}
    if function.artifact:
        # One that is not there, such as in a git revision, counts as no file.
        archive = root / function.artifact
        return {function.artifact: archive_digest(archive, function.key)} if archive.is_file() else {}
    return file_digests(root / function.source, [root / name for name in function.include], root)


def build(request: Request, say: Say) -> Built:
    """Run all stages; writes nothing if there are errors."""
    from iotgen.render.render import render  # a check needs no templates

    checked = check(request.spec, request.suffix, named=request.named)
    pipeline = checked.pipeline
    if not checked.sound or pipeline is None:
        return Built(pipeline, checked.problems, checked.texts)
    folder = request.out / request.suffix
    refuse_another(folder, pipeline.name)
    with staging(folder) as stage:
        artifacts = _package(pipeline, checked.root, stage.beside, request.cache, say)
        sizes = _size_problems(checked.document, pipeline, artifacts)
        if problems := (*sizes, *_import_problems(checked, pipeline, stage.beside)):
            return Built(pipeline, (*checked.problems, *problems), checked.texts)
        hashes = {path: artifact.sha256 for path, artifact in artifacts.items()}
        files = render(pipeline, hashes, project.built_in_templates().get, checked.overrides)
        files |= checked.own.texts
        for name, text in files.items():
            (stage.beside / name).write_text(text, encoding="utf-8", newline="\n")
        stage.commit()
    return Built(
        pipeline, checked.problems, checked.texts, folder, (*files, *artifacts), checked.document, checked
    )


def _check_environment(written: Document, suffix: str, root: Path, own: OwnFiles) -> Checked:
    document, problems = validate(overlay(written, suffix))
    if not isinstance(document.data, dict) or "pipeline" not in document.data:
        return Checked(root, None, Sources({}, {}), document, problems)
    overrides = document.data.get("overrides") or {}
    sources = replace(
        project.read_sources(root, document.data),
        referred=own.mentioned | references(overrides),
        variables=variables(overrides),
    )
    settings = fill(document.data, schema())
    pipeline, unresolved = resolve(document, settings, suffix, sources, overlay(written, suffix).data)
    values = tuple(value_problems(document, sources.texts))
    pinned = tuple(_requirement_problems(pipeline, sources))
    spec_problems = (*problems, *sources.unreadable, *values, *unresolved, *pinned)
    findings = tuple(_findings(document, pipeline, sources))
    checked = Checked(root, pipeline, sources, document, (*spec_problems, *findings), own=own)
    # Patches are checked against the rendered files, so the whole spec has to be in the pipeline.
    patches = () if _has_errors(spec_problems) else _patch_problems(checked, pipeline, suffix)
    return replace(checked, problems=(*checked.problems, *patches))


def _has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _findings(document: Document, pipeline: Pipeline, sources: Sources) -> Iterator[Problem]:
    for rule in RULES:
        yield from map(document.problem, rule.findings(pipeline, sources))


def _requirement_problems(pipeline: Pipeline, sources: Sources) -> Iterator[Problem]:
    named = (layer.requirements for layer in pipeline.all(Layer) if layer.requirements)
    for file in dict.fromkeys(named):
        text = sources.text(file)
        for line, message in requirement_problems(text) if text is not None else ():
            yield Problem(file, line, 1, "IOT205", message)


def _patch_problems(checked: Checked, pipeline: Pipeline, suffix: str) -> Iterator[Problem]:
    """The problems of overrides and of the project's own Terraform."""
    if not (checked.overrides or checked.own.texts):
        return
    from iotgen.patch.problems import override_problems  # most projects have neither
    from iotgen.render.engine import merge
    from iotgen.render.render import unpatched

    files = unpatched(pipeline, project.built_in_templates().get)
    rendered = merge([*files.values()])
    yield from override_problems(checked.document, suffix, rendered, checked.own)
    yield from made_twice(checked.own, files, rendered)


# YAML that loads, but not as its author meant it.
_NOT_YAML = ("IOT003", "IOT004", "IOT005")


def _once(groups: Iterable[Iterable[Problem]]) -> Iterator[Problem]:
    """Each problem once; `groups` are those of the file itself and of each environment.

    A problem with the location and code of one in an earlier group is the same mistake, reported for another
    environment; one with the same words in its group is that of another alias of what is written once. Where
    the YAML is not what its author meant, only that is reported.
    """
    reported: set[tuple[str, int, int, str]] = set()
    for group in groups:
        in_group: set[tuple[str, int, int, str]] = set()
        for problem in {replace(one, path=""): one for one in reversed((*group,))}.values():
            place = (problem.file, problem.line, problem.column)
            if not reported & {(*place, code) for code in (problem.code, *_NOT_YAML)}:
                in_group.add((*place, problem.code))
                yield problem
        reported |= in_group


def zips(pipeline: Pipeline, root: Path, folder: Path) -> dict[str, Artifact]:
    """Build all zips but those of requirements; returns them by their paths in the folder."""
    return {**_function_zips(pipeline, root, folder), **_layer_zips(pipeline, root, folder)}


def _function_zips(pipeline: Pipeline, root: Path, folder: Path) -> dict[str, Artifact]:
    artifacts: dict[str, Artifact] = {}
    for function in pipeline.all(Function):
        if function.image:
            continue
        path = function.zip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if function.artifact:
            artifacts[path] = take_archive(root / function.artifact, function.key, folder / path)
            continue
        include = [root / name for name in function.include]
        artifacts[path] = zip_function(root / function.source, include, folder / path, project=root)
    return artifacts


def _layer_zips(pipeline: Pipeline, root: Path, folder: Path) -> dict[str, Artifact]:
    """The layers that are folders, and those that are zips already."""
    artifacts: dict[str, Artifact] = {}
    for layer in [layer for layer in pipeline.all(Layer) if layer.source or layer.artifact]:
        path = folder / layer.zip
        path.parent.mkdir(parents=True, exist_ok=True)
        if layer.artifact:
            artifacts[layer.zip] = take_archive(root / layer.artifact, layer.key, path)
        else:
            artifacts[layer.zip] = zip_layer(root / layer.source, layer.prefix, path, project=root)
    return artifacts


def _package(pipeline: Pipeline, root: Path, folder: Path, cache: Path, say: Say) -> dict[str, Artifact]:
    """Build every zip; returns them by their paths in the rendered folder."""
    artifacts = zips(pipeline, root, folder)
    for layer in [layer for layer in pipeline.all(Layer) if layer.requirements]:
        path = folder / layer.zip
        path.parent.mkdir(parents=True, exist_ok=True)
        artifacts[layer.zip] = build_layer(
            root / layer.requirements, layer.runtime, layer.architecture, path, cache, say=say
        )
    return artifacts


def _import_problems(checked: Checked, pipeline: Pipeline, folder: Path) -> Iterator[Problem]:
    """The imports that fail for certain, checked against the modules of the built layers."""
    built = [layer for layer in pipeline.all(Layer) if not layer.arn]
    modules = {layer.key: layer_modules(folder / layer.zip) for layer in built}
    sources = replace(checked.sources, layer_modules=modules)
    file = checked.document.file
    ignores, _ = find_ignores(checked.texts.get(file, ""), file)
    problems = map(checked.document.problem, missing_import.RULE.findings(pipeline, sources))
    for problem in apply_ignores(problems, ignores, file):
        if problem.severity is Severity.ERROR:
            yield problem


def _size_problems(
    document: Document, pipeline: Pipeline, artifacts: Mapping[str, Artifact]
) -> Iterator[Problem]:
    for layer in [layer for layer in pipeline.all(Layer) if not layer.arn]:
        for message in zip_problems(f"the layer `{layer.key}`", artifacts[layer.zip].size):
            yield document.problem(Finding(layer.path, message, at_key=True, code="IOT206"))
    for function in pipeline.all(Function):
        layers = [(layer.key, artifacts[layer.zip]) for layer in function.layers if not layer.arn]
        own = artifacts.get(function.zip)
        if own is None:
            continue
        for message in size_problems(f"the function `{function.key}`", own, layers):
            yield document.problem(Finding(function.path, message, at_key=True, code="IOT206"))
