"""A request schema uses words that API Gateway does not know, and so does not hold bodies against."""

import json
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity

# What came after draft 4 and changes which bodies are taken; annotations such as `examples` do no harm.
NEWER = frozenset(
    {
        "const", "contains", "dependentRequired", "dependentSchemas", "else", "if", "maxContains",
        "minContains", "prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
# Where schemas stand in a schema: alone, in a list, or by a name of the author's choice.
_ONE = ("additionalItems", "additionalProperties", "items", "not")
_MANY = ("allOf", "anyOf", "items", "oneOf")
_NAMED = ("$defs", "definitions", "patternProperties", "properties")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each schema with words that came after draft 4."""
    for file, (text, path) in pipeline.request_schemas.items():
        schema = json.loads(text)
        if words := sorted({word for part in _schemas(schema) for word in part if word in NEWER}):
            said = f"API Gateway ignores {', '.join(f'`{word}`' for word in words)} in `{file}`"
            hint = "it reads JSON Schema draft 4: say it in the words of that, or check it in the function"
            yield Finding(path, said, hint)


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all that are in it."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict):
            continue
        yield part
        waiting += [part[word] for word in _ONE if word in part]
        waiting += [inner for word in _MANY for inner in part.get(word, ()) if isinstance(inner, dict)]
        for word in _NAMED:
            named = part.get(word)
            waiting += named.values() if isinstance(named, dict) else ()


RULE = Rule(
    "IOT344",
    "API Gateway understands every word of a request schema.",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html",
    check,
    Severity.WARNING,
    fix="Say it in the words of JSON Schema draft 4, or check it in the function.",
)
