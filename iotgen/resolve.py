"""A sound spec to the pipeline it means: names made, references followed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from iotgen.kinds import KINDS
from iotgen.kinds.alarms import alarm_maker
from iotgen.model.alarm import Alarm
from iotgen.model.context import Context
from iotgen.model.kind import Resolving
from iotgen.model.pipeline import Pipeline, State
from iotgen.model.references import References, dropped
from iotgen.model.resource import Resource, Resources
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Problem
from iotgen.spec.document import Document

_NOUNS = {kind.section: kind.noun for kind in KINDS}
_ACCESSES = {kind.section: kind.access for kind in KINDS if kind.access}


def resolve(
    document: Document, settings: Mapping[str, Any], suffix: str, sources: Sources, written: Any
) -> tuple[Pipeline, tuple[Problem, ...]]:
    """The pipeline of `document` in the environment `suffix`, and each reference that leads nowhere.

    `settings` is the document's data with all defaults. `written` is the data before what the schema
    refused was taken out: what it declares can be referred to without a second problem.
    """
    findings: list[Finding] = []
    references = References(document.data, _declared(written), _NOUNS)
    context = Context(settings, document.data, references, suffix, sources, findings.append)
    resources = _resources(context)
    problems = [*map(document.problem, findings), *references.problems(document)]
    unsettled = frozenset((*references.unsettled, *_unsound(references, written, document.unread)))
    pipeline = Pipeline(
        by_type=resources,
        name=settings["pipeline"],
        suffix=suffix,
        region=context.region,
        tags={"pipeline": settings["pipeline"], "environment": suffix, **settings["tags"]},
        state=_state(context),
        encryption_key=context.encryption_key,
        referred=frozenset(references.followed),
        unsettled=unsettled,
    )
    return pipeline, tuple(dict.fromkeys(problems))


def _resources(context: Context) -> dict[type[Resource], tuple[Resource, ...]]:
    """The resources of all kinds, each resolved when those before it are."""
    found: dict[type[Resource], tuple[Resource, ...]] = {}
    for kind in KINDS:
        found[kind.type] = kind.resolve(_resolving(context, found))
    make = alarm_maker(context)
    alarms = (kind.alarms(make, context.data["alarms"], found[kind.type]) for kind in KINDS if kind.alarms)
    found[Alarm] = (*(alarm for each in alarms for alarm in each), *found[Alarm])
    return found


def _resolving(context: Context, found: Mapping[type[Resource], tuple[Resource, ...]]) -> Resolving:
    return Resolving(**vars(context), resources=Resources(by_type=dict(found)), accesses=_ACCESSES)


def _declared(written: Any) -> Mapping[str, frozenset[str]]:
    found = written if isinstance(written, dict) else {}
    sections = {kind.section: found.get(kind.section) for kind in KINDS if kind.referred}
    return {
        name: frozenset(keys) if isinstance(keys, dict) else frozenset() for name, keys in sections.items()
    }


def _unsound(references: References, written: Any, unread: Iterable[tuple[Path, str]]) -> Iterator[Path]:
    """Where something was taken out, by the schema or as a key's second value, and what was named there."""
    refused = () if written is references.data else dropped(written, references.data)
    for path, text in (*refused, *unread):
        yield path[:2]
        yield from ((section, text) for section, keys in references.declared.items() if text in keys)


def _state(context: Context) -> State | None:
    s3 = context.data.get("state", {}).get("s3")
    if s3 is None:
        return None
    key = s3.get("key", f"{context.data['pipeline']}/{{suffix}}/terraform.tfstate")
    return State(
        bucket=s3["bucket"],
        key=key.replace("{suffix}", context.suffix),
        region=s3.get("region", context.region),
    )
