"""An environment's overlay, merged over the rest of the spec as a JSON merge patch (RFC 7396).

Mappings merge key by key, everything else replaces, and null removes. In `overrides`, a null with nothing to
remove stays: it is for the rendered files.
"""

from dataclasses import replace
from typing import Any

from iotgen.problem import Path
from iotgen.spec.document import Document, Place

# Patches themselves: a null in them removes something from the rendered files.
_PATCHES = ("overrides",)


def environments(document: Document) -> tuple[str, ...]:
    """The names of the environments that the spec has an overlay for."""
    overlays = document.data.get("environments") if isinstance(document.data, dict) else None
    return tuple(overlays) if isinstance(overlays, dict) else ()


def overlay(document: Document, environment: str) -> Document:
    """The document for `environment`; its `environments` section stays, to be validated."""
    if not isinstance(document.data, dict):
        return document
    patch = (
        (document.data.get("environments") or {})
        if isinstance(document.data.get("environments"), dict)
        else {}
    )
    if not isinstance(patch.get(environment), dict):
        return document
    keys, values = dict(document.keys), dict(document.values)
    root: Path = ("environments", environment)
    data = _merge(document.data, patch[environment], (), root, document, keys, values)
    return replace(document, data=data, keys=keys, values=values)


def _merge(
    base: Any,
    patch: Any,
    path: Path,
    source: Path,
    document: Document,
    keys: dict[Path, Place],
    values: dict[Path, Place],
) -> Any:
    if not isinstance(patch, dict):
        _move(path, source, document, keys, values)
        return patch
    result = dict(base) if isinstance(base, dict) else {}
    if not isinstance(base, dict) and path:
        _move(path, source, document, keys, values)
    for key, value in patch.items():
        here, there = (*path, key), (*source, key)
        if value is None and (key in result or here[:1] != _PATCHES):
            result.pop(key, None)
            continue
        result[key] = _merge(result.get(key), value, here, there, document, keys, values)
    return result


def _move(
    path: Path, source: Path, document: Document, keys: dict[Path, Place], values: dict[Path, Place]
) -> None:
    """Give the node at `path`, and all below it, the places that it has at `source`."""
    for target, origin in ((keys, document.keys), (values, document.values)):
        for old in [known for known in target if known[: len(path)] == path]:
            del target[old]
        for written, place in origin.items():
            if written[: len(source)] == source:
                target[path + written[len(source) :]] = place
