"""Templates to merged, sorted documents.

A template renders one resource of the spec, and knows nothing of the others. What several templates
make is merged here by Terraform's own nesting, type and name; one address made twice is a fault.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound

from iotgen.errors import IotgenError
from iotgen.render.encode import arn, encode

# Finds a template's text by its file name; None when there is none.
TemplateSource = Callable[[str], str | None]

# How deep Terraform's own nesting goes: in `resource` and `data` a type and a name lead to a body.
_DEPTH = {"resource": 2, "data": 2, "terraform": 0, "provider": 1, "variable": 1, "output": 1}

Document = dict[str, Any]


class _Loader(BaseLoader):
    def __init__(self, source: TemplateSource) -> None:
        self._source = source

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        text = self._source(template)
        if text is None:
            raise TemplateNotFound(template)
        return text, template, lambda: True


class Engine:
    """Renders templates into documents, one for each file of the output."""

    def __init__(self, source: TemplateSource) -> None:
        self._environment = Environment(
            loader=_Loader(source),
            finalize=encode,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - the output is JSON, and `finalize` encodes every hole
        )
        self._environment.globals["arn"] = arn

    def render(self, template: str, holes: Mapping[str, Any]) -> Document:
        """The document that `template` makes; IotgenError, with file and line, when it makes none."""
        file = f"{template}.tf.json.j2"
        try:
            text = self._environment.get_template(file).render(holes)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            place = f"{file}:{line}" if line else file
            raise IotgenError(f"{place}: {error.message or error}", "correct the template") from error
        except TypeError as error:
            raise IotgenError(f"{file}: {error}", "correct the template") from error
        try:
            document = json.loads(text)
        except ValueError as error:
            raise IotgenError(f"{file}: this does not make JSON: {error}", "correct the template") from error
        rendered: Document = _without_nulls(document)
        return rendered


def merge(documents: list[Document]) -> Document:
    """All `documents` in one; IotgenError when two make the same thing."""
    merged: Document = {}
    for document in documents:
        for block, content in document.items():
            _merge_into(merged.setdefault(block, {}), content, _DEPTH.get(block, 1), block)
    return merged


def _merge_into(target: Document, content: Document, depth: int, address: str) -> None:
    for key, value in content.items():
        here = f"{address}.{key}"
        if depth > 1:
            _merge_into(target.setdefault(key, {}), value, depth - 1, here)
        elif key in target:
            raise IotgenError(f"two templates make `{here}`", "rename one of them")
        else:
            target[key] = value


def _without_nulls(node: Any) -> Any:
    """`node` without what is null, and without blocks that are empty because of it.

    A template writes null where a setting or a resource is not wanted: Terraform reads both alike, and
    a reviewer has less to read.
    """
    if isinstance(node, dict):
        return {key: _without_nulls(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [_without_nulls(value) for value in node if value is not None]
    return node


def write(document: Document) -> str:
    """The document's text: sorted, indented, the same bytes every time."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
