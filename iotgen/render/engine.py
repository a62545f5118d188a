"""Renders templates into merged, sorted documents.

A template renders one resource of the spec, independently of the others. The documents of several templates
are merged here by Terraform's own nesting, type and name; an address in two of them is an error.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined

from iotgen.errors import IotgenError
from iotgen.model.arn import ACCOUNT, arn, bucket_arn, invocation_arn
from iotgen.patch.merge import Overrides, patched
from iotgen.render.encode import Verbatim, encode

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

# Returns a template's text by its file name; None if there is none.
TemplateSource = Callable[[str], str | None]

_HINT = "Correct the template."

# The depth of Terraform's own nesting: in `resource` and `data` a type and a name lead to a body.
_DEPTH = {"resource": 2, "data": 2, "terraform": 0, "provider": 1, "variable": 1, "locals": 1, "output": 1}

Document = dict[str, Any]


# The names that every template can use.
_NAMES: Mapping[str, Any] = {
    "account": ACCOUNT,
    "arn": arn,
    "bucket_arn": bucket_arn,
    "invocation_arn": invocation_arn,
    "verbatim": Verbatim,
}


class _CodeCache(BytecodeCache):
    """Compiled templates, by name and text: compiling takes longer than rendering."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: "Bucket") -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: "Bucket") -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


# Shared by all engines: the text of a template is part of its key.
_CODE = _CodeCache()


class Engine:
    """Renders templates into documents, one for each file of the output."""

    def __init__(self, source: TemplateSource, overrides: Overrides = MappingProxyType({})) -> None:
        self._overrides = overrides
        self._environment = Environment(
            loader=FunctionLoader(lambda file: _loaded(source(file), file)),
            undefined=StrictUndefined,
            bytecode_cache=_CODE,
            finalize=encode,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - the output is JSON, and `finalize` encodes every hole
        )
        self._environment.globals = dict(_NAMES)

    def render(self, template: str, holes: Mapping[str, Any]) -> Document:
        """The patched document of `template`; IotgenError with file and line if the template is wrong."""
        file = f"{template}.tf.json.j2"
        try:
            document = json.loads(self._text(file, holes))
        except (ValueError, RecursionError) as error:
            raise IotgenError(f"{file}: the result is not valid JSON: {error}", _HINT) from error
        rendered = _without_nulls(document)
        if not _nests(rendered, 1) or not all(
            _nests(content, _DEPTH.get(block, 1)) for block, content in rendered.items()
        ):
            raise IotgenError(f"{file}: the result is not Terraform blocks as nested objects", _HINT)
        return patched(rendered, self._overrides)

    def _text(self, file: str, holes: Mapping[str, Any]) -> str:
        try:
            return self._environment.get_template(file).render(holes)
        except Exception as error:  # a template can raise any exception
            line = _line(file, error)
            raise IotgenError(f"{file}:{line}: {error}" if line else f"{file}: {error}", _HINT) from error


def _loaded(text: str | None, file: str) -> tuple[str, str, Callable[[], bool]] | None:
    """A template in Jinja's form, with its file name for tracebacks; None if there is none."""
    return None if text is None else (text, file, lambda: True)


def _line(file: str, error: Exception) -> int | None:
    """The line of the template that failed."""
    line: int | None = getattr(error, "lineno", None)
    frame = error.__traceback__
    while frame is not None:  # Jinja adds the template's lines to the traceback
        if frame.tb_frame.f_code.co_filename == file:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _nests(node: Any, depth: int) -> bool:
    """Whether `node` is nested objects down to `depth`, the levels of Terraform's addresses."""
    if not isinstance(node, dict):
        return False
    return depth < 2 or all(_nests(inner, depth - 1) for inner in node.values())


def merge(documents: list[Document]) -> Document:
    """All `documents` in one; IotgenError if two have the same address.

    Empty kinds of blocks are omitted: Terraform rejects them.
    """
    merged: Document = {}
    for document in documents:
        for block, content in document.items():
            _merge_into(merged.setdefault(block, {}), content, _DEPTH.get(block, 1), block)
    return {block: content for block, content in merged.items() if content}


def _merge_into(target: Document, content: Document, depth: int, address: str) -> None:
    for key, value in content.items():
        here = f"{address}.{key}"
        if depth > 1:
            if value:
                _merge_into(target.setdefault(key, {}), value, depth - 1, here)
        elif key in target:
            raise IotgenError(f"two templates render `{here}`", "Rename one of them.")
        else:
            target[key] = value


def _without_nulls(node: Any) -> Any:
    """`node` without nulls.

    Templates write null for an absent setting or resource: Terraform treats both alike, and a reviewer has
    less to read.
    """
    if isinstance(node, dict):
        return {key: _without_nulls(value) for key, value in node.items() if value is not None}
    if isinstance(node, list):
        return [_without_nulls(value) for value in node if value is not None]
    return node


def write(document: Document) -> str:
    """The document's text, sorted and indented, always the same bytes."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
