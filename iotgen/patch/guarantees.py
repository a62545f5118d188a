"""Checks that a patched body keeps iotgen's guarantees."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from iotgen.patch.guards import GUARDS, Guard, Must
from iotgen.problem import Finding, Severity

_IGNORE = "If that is intended, write `# iotgen: ignore IOT506 because ...` above."


def broken(kind: str, before: Any, after: Any) -> Iterator[Finding]:
    """A finding for each guarantee that a patch breaks; `after` is None if the body is removed."""
    if after is None:
        whys = {guard.why for guard in GUARDS if guard.kind == kind}
        message = "this removes a block that iotgen renders" + (f": {whys.pop()}" if len(whys) == 1 else "")
        yield Finding((), message, _IGNORE, code="IOT506", severity=Severity.WARNING)
        return
    for guard in GUARDS:
        if not fnmatchcase(kind, guard.kind) or any(_leaves(after, [other]) for other in guard.unless):
            continue
        for path in guard.paths:
            steps = path.split(".")
            if not _keeps(guard.must, _leaves(before, steps), _leaves(after, steps)):
                yield _fault(guard, path)


def _fault(guard: Guard, path: str) -> Finding:
    if guard.relied:
        message = f"`{path}` cannot be patched: {guard.why}"
        return Finding(tuple(path.split(".")), message, guard.instead, code="IOT507")
    message = f"{guard.must.value} `{path}`, {guard.why}"
    return Finding(tuple(path.split(".")), message, _IGNORE, code="IOT506", severity=Severity.WARNING)


def _keeps(must: Must, before: list[Any], after: list[Any]) -> bool:
    match must:
        case Must.BE:
            return not before or bool(after)
        case Must.HOLD:
            return {*_entries(before)} <= {*_entries(after)}
        case Must.ABSENT:
            return not after
        case _:
            return not before or before == after


def _entries(leaves: list[Any]) -> Iterator[str]:
    """Each entry of lists and mappings, and each other value, as comparable text."""
    for leaf in leaves:
        inner = leaf.items() if isinstance(leaf, Mapping) else leaf if isinstance(leaf, list) else [leaf]
        yield from (json.dumps(one, sort_keys=True) for one in inner)


def _leaves(node: Any, steps: list[str]) -> list[Any]:
    """The values at `steps` below `node`, through every list on the way; nulls are dropped."""
    if steps and isinstance(node, list):
        return [leaf for inner in node for leaf in _leaves(inner, steps)]
    if not steps:
        return [] if node is None else [node]
    return _leaves(node.get(steps[0]), steps[1:]) if isinstance(node, Mapping) else []
