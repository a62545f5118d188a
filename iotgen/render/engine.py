"""Templates to merged, sorted documents.

A template renders one resource of the spec, and knows nothing of the others. What several templates
make is merged here by Terraform's own nesting, type and name; one address made twice is a fault.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, BytecodeCache, Environment, TemplateNotFound

from iotgen.errors import IotgenError
from iotgen.model.arn import ACCOUNT, arn, bucket_arn, invocation_arn
from iotgen.render.encode import Verbatim, encode
from iotgen.render.language import Language

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket
    from jinja2.ext import Extension

# Finds a template's text by its file name; None when there is none.
TemplateSource = Callable[[str], str | None]

_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")

# How deep Terraform's own nesting goes: in `resource` and `data` a type and a name lead to a body.
_DEPTH = {"resource": 2, "data": 2, "terraform": 0, "provider": 1, "variable": 1, "locals": 1, "output": 1}

Document = dict[str, Any]


# What every template is given.
_NAMES: Mapping[str, Any] = {
    "account": ACCOUNT,
    "arn": arn,
    "bucket_arn": bucket_arn,
    "invocation_arn": invocation_arn,
    "verbatim": Verbatim,
}


class TemplateError(IotgenError):
    """A template that fails at `line` of `file`; the line is None where nobody can tell."""

    def __init__(self, file: str, line: int | None, said: str) -> None:
        super().__init__(f"{file}:{line}: {said}" if line else f"{file}: {said}", "correct the template")
        self.file = file
        self.line = line
        self.said = said


class _Loader(BaseLoader):
    def __init__(self, source: TemplateSource) -> None:
        self._source = source

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        # Jinja writes the name into the code that it makes of a template.
        text = self._source(template) if _NAME.fullmatch(template) else None
        if text is None:
            raise TemplateNotFound(template)
        return text, template, lambda: True


class _CodeCache(BytecodeCache):
    """Compiled templates, by name and text: compiling takes longer than rendering."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: "Bucket") -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: "Bucket") -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def _code_cache(extensions: "tuple[type[Extension], ...]") -> _CodeCache:
    """The cache of all engines with these extensions, which change what is compiled."""
    return _CodeCache()


class Engine:
    """Renders templates into documents, one for each file of the output."""

    def __init__(self, source: TemplateSource, extensions: "tuple[type[Extension], ...]" = ()) -> None:
        self._language = Language(
            _NAMES,
            loader=_Loader(source),
            extensions=extensions,
            bytecode_cache=_code_cache(extensions),
            finalize=encode,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # the output is JSON, and `finalize` encodes every hole
        )

    def render(self, template: str, holes: Mapping[str, Any]) -> Document:
        """The document that `template` makes; IotgenError, with file and line, when it makes none."""
        file = file_name(template)
        try:
            document = json.loads(self.text(template, holes))
        except (ValueError, RecursionError) as error:
            raise IotgenError(f"{file}: this does not make JSON: {error}", "correct the template") from error
        rendered = _without_nulls(document)
        if not _nests(rendered, 1) or not all(
            _nests(content, _DEPTH.get(block, 1)) for block, content in rendered.items()
        ):
            said = "this does not make blocks of Terraform as nested objects"
            raise IotgenError(f"{file}: {said}", "correct the template")
        made: Document = rendered
        return made

    def text(self, template: str, holes: Mapping[str, Any]) -> str:
        """What `template` makes, whatever that is; TemplateError when it fails."""
        file = file_name(template)
        try:
            return self._language.produce(file, holes)
        except Exception as error:  # a template can fail in whatever way Python can
            raise TemplateError(file, _line(file, error), str(error)) from error


def file_name(template: str) -> str:
    """The name of a template's file."""
    return f"{template}.tf.json.j2"


def _line(file: str, error: Exception) -> int | None:
    """The template's line that failed."""
    line: int | None = getattr(error, "lineno", None)
    frame = error.__traceback__
    while frame is not None:  # Jinja puts the template's own lines into the traceback
        if frame.tb_frame.f_code.co_filename == file:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _nests(node: Any, depth: int) -> bool:
    """Whether `node` is objects in objects, `depth` deep: whatever Terraform's addresses go through."""
    if not isinstance(node, dict):
        return False
    return depth < 2 or all(_nests(inner, depth - 1) for inner in node.values())


def merge(documents: list[Document]) -> Document:
    """All `documents` in one; IotgenError when two make the same thing.

    A kind of block with nothing in it is left out: Terraform refuses it.
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
            raise IotgenError(f"two templates make `{here}`", "rename one of them")
        else:
            target[key] = value


def _without_nulls(node: Any) -> Any:
    """`node` without what is null.

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
