"""What a function may do on one side and not on the other."""

from collections.abc import Iterator, Mapping

from iotgen.compare.difference import Permission
from iotgen.compare.side import Side
from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.model.access import Grant


def permissions(side: Side, other: Side, key: str) -> tuple[Permission, ...]:
    """What the function `key` of a side may do and that of the `other` may not."""
    there = {unit for grant in _grants(other, key) for unit in _units(grant)}
    return tuple(
        found for grant in _grants(side, key) for found in _of_grant(side, (key, grant), frozenset(there))
    )


# An IAM action on a resource of a section, limited to a prefix where there is one.
_Unit = tuple[str, str, str, str]


def _grants(side: Side, key: str) -> tuple[Grant, ...]:
    functions = {function.key: function for function in side.pipeline.all(Function)}
    return functions[key].grants if key in functions else ()


def _units(grant: Grant) -> Iterator[_Unit]:
    for verb in grant.verbs:
        yield from _units_of(grant, verb)


def _units_of(grant: Grant, verb: str) -> Iterator[_Unit]:
    for action in grant.access.verbs[verb].actions:
        yield grant.section, grant.key, action, _prefix(grant, verb)


def _prefix(grant: Grant, verb: str) -> str:
    return str(grant.verb[verb]) if isinstance(grant.verb, Mapping) else ""


def _of_grant(side: Side, of: tuple[str, Grant], there: frozenset[_Unit]) -> Iterator[Permission]:
    key, grant = of
    for verb in grant.verbs:
        actions = tuple(action for _, _, action, _ in set(_units_of(grant, verb)) - there)
        if actions:
            place = side.document.place((FUNCTIONS.section, key, "access", grant.section, grant.key))
            under = f" under `{prefix}`" if (prefix := _prefix(grant, verb)) else ""
            words = grant.phrase((verb,)) + under
            yield Permission(words, tuple(sorted(actions)), side.written(place))
