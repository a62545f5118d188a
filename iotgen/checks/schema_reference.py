"""A request schema refers to what API Gateway cannot see."""

import json
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources

# The address of a model of an API, by which API Gateway finds it.
OF_AN_API = "https://apigateway.amazonaws.com/restapis/"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the first `$ref` of each schema that leads out of it, or nowhere."""
    for file, (text, path) in pipeline.request_schemas.items():
        schema = json.loads(text)
        wrong = [ref for ref in _references(schema) if not _leads_somewhere(schema, ref)]
        if wrong:
            outside = not wrong[0].startswith("#")
            why = "API Gateway sees this file only" if outside else "there is nothing there"
            said = f"`{file}` refers to `{wrong[0]}`, but {why}"
            hint = "put it under `definitions` of the same file" if outside else "correct the reference"
            yield Finding(path, said, hint)


def _references(schema: Any) -> list[str]:
    found: list[str] = []
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found += [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            waiting += reversed(part.values())
        elif isinstance(part, list):
            waiting += reversed(part)
    return found


def _leads_somewhere(schema: Any, reference: str) -> bool:
    if reference.startswith(OF_AN_API):
        return True
    where = schema
    root, _, pointer = reference.partition("#")
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(where, list):
            where = dict(enumerate(where)).get(int(name)) if name.isdigit() else None
        else:
            where = where.get(name) if isinstance(where, dict) else None
    return not root and where is not None and pointer[:1] in ("", "/")


RULE = Rule(
    "IOT345",
    "A request schema refers to parts of itself only.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check,
    fix="Put what is referred to under `definitions` of the same file.",
)
