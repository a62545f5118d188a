"""What a function may do on one side and not on the other."""

from collections.abc import Iterator, Mapping

from iotgen.compare.difference import Permission
from iotgen.compare.side import Side
from iotgen.kinds.functions import Function
from iotgen.kinds.functions.allowed import Allowed
from iotgen.kinds.functions.managed import Managed
from iotgen.model.access import Grant


def permissions(side: Side, other: Side, key: str) -> tuple[Permission, ...]:
    """What the function `key` of a side may do and that of the `other` may not."""
    there = {unit for grant in _grants(other, key) for unit in _units(grant)}
    granted = (one for grant in _grants(side, key) for one in _of_grant(side, grant, frozenset(there)))
    return (*granted, *_written(side, other, key))


# An IAM action on a resource of a section, limited to a prefix where there is one.
_Unit = tuple[str, str, str, str]


def _grants(side: Side, key: str) -> tuple[Grant, ...]:
    function = _function(side, key)
    return function.grants if function else ()


def _function(side: Side, key: str) -> Function | None:
    return next((one for one in side.pipeline.all(Function) if one.key == key), None)


def _written(side: Side, other: Side, key: str) -> Iterator[Permission]:
    """What it may do by statements of its own and by managed policies."""
    there = {one.words() for one in _beside(other, key)}
    for one in _beside(side, key):
        if one.words() not in there:
            actions = tuple(sorted(one.actions)) if isinstance(one, Allowed) else ()
            yield Permission(one.words(), actions, side.written(side.document.place(one.path)))


def _beside(side: Side, key: str) -> tuple[Allowed | Managed, ...]:
    function = _function(side, key)
    return (*function.allowed, *function.managed) if function else ()


def _units(grant: Grant) -> Iterator[_Unit]:
    for verb in grant.verbs:
        yield from _units_of(grant, verb)


def _units_of(grant: Grant, verb: str) -> Iterator[_Unit]:
    for action in grant.access.verbs[verb].actions:
        yield grant.section, grant.key, action, _prefix(grant, verb)


def _prefix(grant: Grant, verb: str) -> str:
    return str(grant.verb[verb]) if isinstance(grant.verb, Mapping) else ""


def _of_grant(side: Side, grant: Grant, there: frozenset[_Unit]) -> Iterator[Permission]:
    for verb in grant.verbs:
        actions = tuple(action for _, _, action, _ in set(_units_of(grant, verb)) - there)
        if actions:
            place = side.document.place(grant.path)
            under = f" under `{prefix}`" if (prefix := _prefix(grant, verb)) else ""
            words = grant.phrase((verb,)) + under
            yield Permission(words, tuple(sorted(actions)), side.written(place))
