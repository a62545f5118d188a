"""A new function: its handler, the test of it, and its lines in the spec."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from iotgen.add.insertion import insert, line_of
from iotgen.errors import UsageError
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import ENDPOINTS
from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Pipeline
from iotgen.spec.nearest import nearest
from iotgen.spec.schema import schema
from iotgen.triggers import TRIGGERS

_STARTERS = Path(__file__).parent / "starters"
_WITH_BODY = ("POST", "PUT", "PATCH")
_OF = {kind.section: kind for kind in KINDS}


@dataclass(frozen=True)
class ByEndpoint:
    """An endpoint that calls the function."""

    method: str
    route: str


@dataclass(frozen=True)
class ByTrigger:
    """A trigger of a kind, by its word, on a resource; `prefix` is that of a bucket's objects."""

    word: str
    key: str
    prefix: str = ""


@dataclass(frozen=True)
class Addition:
    """What adding a function changes: new `files` by their paths in the project, and the spec's text.

    `line` is that of the function in the spec.
    """

    files: Mapping[str, str]
    spec: str
    line: int


def addition(text: str, pipeline: Pipeline, key: str, called: ByEndpoint | ByTrigger) -> Addition:
    """Add a function to the spec in `text`, which `pipeline` is resolved from.

    Raises UsageError for a key that is taken or not one, and for a trigger on nothing that the spec has;
    IotgenError where the spec cannot be edited.
    """
    _check_key(pipeline, key)
    source = f"{_folder(pipeline)}/{key.replace('-', '_')}"
    settings: dict[str, Any] = {"source": source}
    if isinstance(called, ByTrigger):
        settings |= _triggered(pipeline, called)
        files = _files(called.word, source, key=called.key)
    else:
        files = _files(_starter(called), source, method=called.method, route=called.route)
        if called.method in _WITH_BODY:
            files[f"{source}/body.json"] = _filled("body_schema", method=called.method, route=called.route)
        text = insert(text, ENDPOINTS.section, called.route, _endpoint(called, key, source))
    spec = insert(text, FUNCTIONS.section, key, settings)
    return Addition(files, spec, line_of(spec, FUNCTIONS.section, key))


def _check_key(pipeline: Pipeline, key: str) -> None:
    keys = schema()["$defs"]["key"]
    if re.fullmatch(keys["pattern"], key) is None:
        raise UsageError(f"`{key}` cannot be the key of a function", f"Use {keys['patternExplained']}.")
    if key in [function.key for function in pipeline.all(Function)]:
        raise UsageError(f"the spec has a function `{key}` already", "Choose another name.")


def _triggered(pipeline: Pipeline, called: ByTrigger) -> dict[str, Any]:
    """The settings for a trigger; UsageError if the spec has nothing of that key."""
    (of,) = [one for one in TRIGGERS if one.word == called.word]
    if of.section:
        _check_declared(pipeline, _OF[of.section], called.key)
    trigger = {called.word: of.written(called.key)} | ({"prefix": called.prefix} if called.prefix else {})
    access = of.access(trigger)
    return {"triggers": [trigger]} | ({"access": access} if access else {})


def _check_declared(pipeline: Pipeline, kind: AnyKind, key: str) -> None:
    keys = [resource.key for resource in kind.of(pipeline)]
    if key not in keys:
        meant = nearest(key, keys)
        asked = f"; did you mean `{meant}`?" if meant else ""
        hint = f"Add it to `{kind.section}` first."
        raise UsageError(f"the spec has no {kind.noun} `{key}`{asked}", "" if meant else hint)


def _folder(pipeline: Pipeline) -> str:
    """The folder that most functions are in."""
    folders = [function.source.rstrip("/").rpartition("/")[0] for function in pipeline.all(Function)]
    counted = Counter(folder for folder in folders if folder)
    return counted.most_common(1)[0][0] if counted else "handlers"


def _starter(called: ByEndpoint) -> str:
    return "api_body" if called.method in _WITH_BODY else "api_get"


def _endpoint(called: ByEndpoint, key: str, source: str) -> dict[str, Any]:
    settings: dict[str, Any] = {"method": called.method, "function": key}
    if called.method in _WITH_BODY:
        return settings | {"body": f"{source}/body.json"}
    return settings | ({"parameters": {}} if called.method == "GET" else {})


def _files(starter: str, source: str, **values: str) -> dict[str, str]:
    """The handler and its test."""
    name = source.rpartition("/")[2]
    return {
        f"{source}/handler.py": _filled(starter, source=source, **values),
        f"tests/test_{name}.py": _filled(f"{starter}_test", source=source, **values),
    }


def _filled(name: str, **values: str) -> str:
    text = (_STARTERS / f"{name}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(values)
