"""A valid spec to a pipeline: derives names and follows references."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from iotgen.kinds import KINDS
from iotgen.kinds.alarms import alarm_maker
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.context import Context
from iotgen.model.kind import Resolving
from iotgen.model.pipeline import Pipeline, State
from iotgen.model.references import References, dropped
from iotgen.model.resource import Resource, Resources
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Problem
from iotgen.spec.document import Document

_NOUNS = {kind.section: kind.noun for kind in KINDS}
_FORMS = {kind.section: kind.existing for kind in KINDS if kind.existing}
_ACCESSES = {kind.section: kind.access for kind in KINDS if kind.access}


def resolve(
    document: Document, settings: Mapping[str, Any], suffix: str, sources: Sources, written: Any
) -> tuple[Pipeline, tuple[Problem, ...]]:
    """The pipeline of `document` in the environment `suffix`, and a problem for each broken reference.

    `settings` is the document's data with all defaults. `written` is the data with its invalid parts:
    references to a resource that it declares cause no second problem.
    """
    findings: list[Finding] = []
    references = References(document.data, _declared(written), _NOUNS, frozenset(_FORMS))
    context = Context(settings, document.data, references, suffix, sources, findings.append, _FORMS)
    resources = _resources(context)
    problems = [*map(document.problem, findings), *references.problems(document)]
    unsettled = frozenset((*references.unsettled, *_unsound(references, written, document.unread)))
    boundary, path = settings.get("permissions_boundary"), settings.get("role_path")
    pipeline = Pipeline(
        by_type=resources,
        name=settings["pipeline"],
        suffix=suffix,
        region=context.region,
        tags={"pipeline": settings["pipeline"], "environment": suffix, **settings["tags"]},
        state=_state(context),
        encryption_key=context.encryption_key,
        permissions_boundary=context.with_account(boundary) if boundary else None,
        role_path=context.filled(path) if path else None,
        referred=frozenset(references.followed),
        unsettled=unsettled,
    )
    return pipeline, tuple(dict.fromkeys(problems))


def _resources(context: Context) -> dict[type[Resource], tuple[Resource, ...]]:
    """The resources of all kinds, each kind resolved after those before it."""
    resources: dict[type[Resource], tuple[Resource, ...]] = {}
    for kind in KINDS:
        resources[kind.type] = kind.resolve(_resolving(context, resources))
        if kind.type is Alarm:
            resources[Alarm] = (*_alarms(context, resources), *resources[Alarm])
    return resources


def _alarms(context: Context, resources: Mapping[type[Resource], tuple[Resource, ...]]) -> Iterator[Alarm]:
    """The alarms of all kinds, which are resolved by then."""
    make = alarm_maker(context)
    for kind in KINDS:
        if kind.alarms:
            for own, settings, some in _by_thresholds(context, make, resources[kind.type]):
                yield from kind.alarms(own, settings, some)


def _by_thresholds(
    context: Context, make: AlarmMaker, resources: tuple[Resource, ...]
) -> Iterator[tuple[AlarmMaker, Mapping[str, Any], tuple[Resource, ...]]]:
    """The resources, those together that have the same thresholds, these, and the maker of their alarms."""
    shared = context.data["alarms"]
    for own, some in groupby(resources, lambda resource: _own_thresholds(context, resource.path)):
        together = tuple(some)
        makers = [make.with_own(own, (*resource.path, "alarms")) for resource in together]
        yield makers[0], _with_own(shared, own), together


def _own_thresholds(context: Context, path: Path) -> Any:
    """The thresholds that a resource has for itself; false for no alarms."""
    settings: Any = context.written
    for key in (*path, "alarms"):
        settings = settings.get(key) if isinstance(settings, Mapping) else None
    return settings if path else None


def _with_own(shared: Mapping[str, Any], own: Any) -> Mapping[str, Any]:
    """The thresholds of all kinds, with those of a resource in the place of theirs."""
    if own is None:
        return shared
    return {
        section: {name: own and own.get(name, value) for name, value in settings.items()}
        if isinstance(settings, Mapping)
        else settings
        for section, settings in shared.items()
    }


def _resolving(context: Context, resources: Mapping[type[Resource], tuple[Resource, ...]]) -> Resolving:
    return Resolving(**vars(context), resources=Resources(by_type=dict(resources)), accesses=_ACCESSES)


def _declared(written: Any) -> Mapping[str, frozenset[str]]:
    data = written if isinstance(written, dict) else {}
    sections = {kind.section: data.get(kind.section) for kind in KINDS if kind.referred}
    return {
        name: frozenset(keys) if isinstance(keys, dict) else frozenset() for name, keys in sections.items()
    }


def _unsound(references: References, written: Any, unread: Iterable[tuple[Path, str]]) -> Iterator[Path]:
    """The paths of invalid parts and duplicate keys, and of the resources that they name."""
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
