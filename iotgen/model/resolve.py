"""A sound spec to the pipeline it means: names made, references followed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from iotgen.model.alarms import resolve_alarms
from iotgen.model.api import resolve_api
from iotgen.model.context import Context
from iotgen.model.encryption import encryption_key
from iotgen.model.functions import resolve_functions
from iotgen.model.pipeline import Path, Pipeline, Sources, State
from iotgen.model.references import NOUNS, References, dropped
from iotgen.model.resources import (
    resolve_buckets,
    resolve_layers,
    resolve_parameters,
    resolve_queues,
    resolve_tables,
    resolve_topics,
)
from iotgen.problem import Problem
from iotgen.spec.document import Document


def resolve(
    document: Document, settings: Mapping[str, Any], suffix: str, sources: Sources, written: Any
) -> tuple[Pipeline, tuple[Problem, ...]]:
    """The pipeline of `document` in the environment `suffix`, and each reference that leads nowhere.

    `settings` is the document's data with all defaults. `written` is the data before what the schema
    refused was taken out: what it declares can be referred to without a second problem.
    """
    problems: list[Problem] = []

    def report(path: Path, code: str, message: str, hint: str = "", *, at_key: bool = False) -> None:
        problems.append(document.problem(path, code, message, hint, key=at_key))

    references = References(document.data, _declared(written))
    pipeline = _pipeline(Context(settings, document.data, references, suffix, sources, report))
    problems += references.problems(document)
    unsettled = frozenset((*references.unsettled, *_unsound(references, written, document.unread)))
    settled = replace(pipeline, referred=frozenset(references.followed), unsettled=unsettled)
    return settled, tuple(dict.fromkeys(problems))


def _declared(written: Any) -> Mapping[str, frozenset[str]]:
    found = written if isinstance(written, dict) else {}
    sections = {section: found.get(section) for section in NOUNS}
    return {
        name: frozenset(keys) if isinstance(keys, dict) else frozenset() for name, keys in sections.items()
    }


def _unsound(references: References, written: Any, unread: Iterable[tuple[Path, str]]) -> Iterator[Path]:
    """Where something was taken out, by the schema or as a key's second value, and what was named there."""
    refused = () if written is references.data else dropped(written, references.data)
    for path, text in (*refused, *unread):
        yield path[:2]
        yield from ((section, text) for section, keys in references.declared.items() if text in keys)


def _pipeline(context: Context) -> Pipeline:
    data = context.data
    layers = resolve_layers(context)
    queues = resolve_queues(context)
    parameters = resolve_parameters(context)
    functions = resolve_functions(context, parameters, layers, queues)
    tables = resolve_tables(context)
    buckets = resolve_buckets(context, functions)
    topics = resolve_topics(context)
    api = resolve_api(context, functions)
    return Pipeline(
        name=data["pipeline"],
        suffix=context.suffix,
        region=context.region,
        tags=_tags(context),
        state=_state(context),
        encryption_key=encryption_key(context),
        parameters=parameters,
        layers=layers,
        tables=tables,
        queues=queues,
        topics=topics,
        buckets=buckets,
        functions=functions,
        api=api,
        alarms=resolve_alarms(context, functions, tables, queues, topics, api),
    )


def _tags(context: Context) -> dict[str, str]:
    own = {"pipeline": context.data["pipeline"], "environment": context.suffix}
    return {**own, **context.data["tags"]}


def _state(context: Context) -> State | None:
    s3 = (context.data.get("state") or {}).get("s3")
    if s3 is None:
        return None
    key = s3.get("key", f"{context.data['pipeline']}/{{suffix}}/terraform.tfstate")
    return State(
        bucket=s3["bucket"],
        key=key.replace("{suffix}", context.suffix),
        region=s3.get("region", context.region),
    )
