"""A JSON merge patch (RFC 7396): mappings merge key by key, everything else replaces, and null removes."""

from collections.abc import Mapping
from typing import Any

from iotgen.patch.address import bodies, found, steps

# The patch, or None to remove the block, by its address as written in the spec.
Overrides = Mapping[str, Mapping[str, Any] | None]


def merged(base: Any, patch: Any, *, keep_nulls: bool = False) -> Any:
    """`base` with the patch applied; with `keep_nulls`, a removed key remains with a null."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None and not keep_nulls:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value, keep_nulls=keep_nulls)
    return result


def patched(document: Mapping[str, Any], overrides: Overrides) -> dict[str, Any]:
    """The document with the overrides applied whose addresses it has."""
    result = dict(document)
    for address, patch in overrides.items():
        if name := found(address, bodies(result)):
            result = merged(result, _nested(steps(name), patch))
    return result


def _nested(path: tuple[str, ...], patch: Any) -> Any:
    for step in reversed(path):
        patch = {step: patch}
    return patch
