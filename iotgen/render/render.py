"""Renders the pipeline to the files of its Terraform folder, one file for each kind of resource."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from iotgen.kinds import KINDS
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering
from iotgen.model.resource import steps
from iotgen.patch.merge import Overrides
from iotgen.problem import Path
from iotgen.render.engine import Document, Engine, TemplateSource, merge, write


def render(
    pipeline: Pipeline,
    digests: Digests,
    templates: TemplateSource,
    overrides: Overrides = MappingProxyType({}),
) -> dict[str, str]:
    """The text of each file, by its name.

    `digests` has the base64 SHA-256 of each zip, by its path in the folder. Raises IotgenError if a template
    is wrong.
    """
    engine = Engine(templates, overrides)
    documents = _documents(engine, pipeline, digests)
    for rendering in renderings(pipeline, digests):
        if any(rendering.moved.values()):
            made = _made(engine, pipeline, rendering, digest="")
            documents[f"{rendering.file}.tf.json"].setdefault("moved", []).extend(_moves(made, rendering))
    return {name: write(document) for name, document in sorted(documents.items())}


def unpatched(pipeline: Pipeline, templates: TemplateSource) -> dict[str, Document]:
    """The content of each file without overrides, with placeholders for the digests of zips."""
    return _documents(Engine(templates), pipeline, defaultdict(lambda: "digest"))


def owners(pipeline: Pipeline, templates: TemplateSource) -> dict[str, Path]:
    """The path in the spec of what each Terraform resource is rendered for, by its address."""
    engine = Engine(templates)
    digests: Digests = defaultdict(lambda: "digest")
    return {
        f"{type_}.{label}": one.path
        for one in renderings(pipeline, digests)
        for type_, labels in _made(engine, pipeline, one, digest="").get("resource", {}).items()
        for label in labels
    }


def _documents(engine: Engine, pipeline: Pipeline, digests: Digests) -> dict[str, Document]:
    files: dict[str, list[Rendering]] = {}
    for rendering in renderings(pipeline, digests):
        files.setdefault(rendering.file, []).append(rendering)
    documents = {name: _document(engine, pipeline, own) for name, own in files.items()}
    merge(list(documents.values()))  # addresses must be unique in the whole folder, too
    return {f"{name}.tf.json": document for name, document in documents.items() if document}


def renderings(pipeline: Pipeline, digests: Digests) -> Iterator[Rendering]:
    """All renderings of the pipeline."""
    yield Rendering("main", (), "pipeline", {})
    for kind in KINDS:
        yield from kind.render(kind.of(pipeline), digests)
    for output in _outputs(pipeline):
        yield Rendering("outputs", (), "output", {"output": output})


def _outputs(pipeline: Pipeline) -> Iterable[Output]:
    """The outputs of all kinds; the mappings of those with one name are merged."""
    outputs: dict[str, Output] = {}
    for output in (output for kind in KINDS for output in kind.outputs(kind.of(pipeline))):
        first = outputs.get(output.name)
        if first and isinstance(first.value, Mapping) and isinstance(output.value, Mapping):
            both = {**first.value, **output.value}
            outputs[output.name] = replace(first, value=both)
        else:
            outputs[output.name] = output
    return outputs.values()


def _document(engine: Engine, pipeline: Pipeline, renderings: list[Rendering]) -> Document:
    """The document of a file; renderings with a digest of the others come last."""
    plain = merge([_made(engine, pipeline, one) for one in renderings if one.digested is None])
    digesting = [
        _made(engine, pipeline, one, digest=_digest(plain, one.digested))
        for one in renderings
        if one.digested
    ]
    return merge([plain, *digesting])


def _made(engine: Engine, pipeline: Pipeline, one: Rendering, **more: Any) -> Document:
    return engine.render(one.template, {"pipeline": pipeline, **one.holes, **more})


def _moves(made: Document, rendering: Rendering) -> Iterator[dict[str, str]]:
    """Terraform's `moved` blocks for what a rendering makes, one for each step from the oldest label on.

    https://developer.hashicorp.com/terraform/language/moved
    """
    for type_, labels in sorted(made.get("resource", {}).items()):
        for label in labels:
            for old, new in steps(rendering.moved.get(label, ()), label):
                yield {"from": f"{type_}.{old}", "to": f"{type_}.{new}"}


def _digest(document: Document, held: Callable[[str], bool]) -> str:
    live = {name: made for name, made in document["resource"].items() if held(name)}
    text = write(live)
    # What they have in local values, such as a policy, is in none of them.
    named = {name: made for name, made in document.get("locals", {}).items() if f"local.{name})" in text}
    return hashlib.sha256((text + write(named) if named else text).encode()).hexdigest()
