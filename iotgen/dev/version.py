"""What a project would deploy: each resource as it is rendered, and the code of each function."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.patch.merge import Overrides
from iotgen.render.engine import TemplateSource
from iotgen.render.render import render

_LOCAL = re.compile(r"\blocal\.(\w+)")


@dataclass(frozen=True)
class Version:
    """What a project would deploy.

    `blocks` has the text of each block of the Terraform files by its address, without the digests of code;
    `code` has these, by the function's key.
    """

    blocks: Mapping[str, str]
    code: Mapping[str, str]


def version(
    pipeline: Pipeline,
    sources: Sources,
    templates: TemplateSource,
    *,
    overrides: Overrides,
    own: Mapping[str, str],
    digests: Mapping[str, str],
) -> Version:
    """The version of a pipeline.

    `own` are the project's own Terraform files; `digests` has those of all zips, by path, but for layers of
    requirements.
    """
    zips = {function.key: function.zip for function in pipeline.all(Function) if not function.image}
    shown = dict.fromkeys(zips.values(), "")
    shown |= {layer.zip: digests.get(layer.zip, _layer(layer, sources)) for layer in pipeline.all(Layer)}
    files = render(pipeline, shown, templates, overrides)
    documents = {name: json.loads(text) for name, text in files.items()}
    blocks = dict(_blocks(documents)) | {f"terraform/{name}": text for name, text in own.items()}
    return Version(blocks, {key: digests[path] for key, path in zips.items()})


def _layer(layer: Layer, sources: Sources) -> str:
    """A digest of all that a layer of requirements is made of."""
    text = sources.text(layer.requirements) or "" if layer.requirements else ""
    parts = (*layer.runtimes, *layer.architectures, text)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _blocks(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each block's address and text; that of a local goes with the blocks that use it."""
    shared = {name: value for one in documents.values() for name, value in one.get("locals", {}).items()}
    for file, document in documents.items():
        for type_, labels in document.get("resource", {}).items():
            for label, body in labels.items():
                yield f"{type_}.{label}", _text(body, shared)
        rest = {name: part for name, part in document.items() if name not in ("resource", "locals")}
        if rest:
            yield file, _text(rest, shared)


def _text(body: Any, shared: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True)
    used = sorted({name for name in _LOCAL.findall(text) if name in shared})
    return json.dumps([text, [shared[name] for name in used]], sort_keys=True)
