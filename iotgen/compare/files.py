"""The files that differ: of functions' code, of layers' requirements, and others that a spec names."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.compare.difference import FileChange, How
from iotgen.compare.side import Pins, Side
from iotgen.kinds.layers import Layer
from iotgen.problem import Path


def file_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FileChange, ...]:
    """What was added, removed and changed, of contents or digests by name."""
    return tuple(_file_changes(old, new))


def _file_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FileChange]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield FileChange(name, How.ADDED)
        elif name not in new:
            yield FileChange(name, How.REMOVED)
        elif old[name] != new[name]:
            yield FileChange(name, How.CHANGED)


def package_changes(old: Pins, new: Pins) -> tuple[FileChange, ...]:
    """The packages that a layer has in other versions."""
    return tuple(
        FileChange(change.name, change.how, _version(old, change.name), _version(new, change.name))
        for change in _file_changes(old, new)
    )


def _version(pins: Pins, name: str) -> str:
    return pins[name][0] if name in pins else ""


def named_changes(before: Side, after: Side, path: Path) -> tuple[FileChange, ...]:
    """The files that both sides name at or below `path`, under one name, and whose content differs."""
    old, new = _named(before, path), _named(after, path)
    return file_changes(
        {name: text for name, text in old.items() if name in new},
        {name: text for name, text in new.items() if name in old},
    )


def _named(side: Side, path: Path) -> dict[str, Any]:
    """The contents of the files, without those of requirements, whose packages are compared."""
    requirements = {layer.requirements for layer in side.pipeline.all(Layer)}
    return {
        named.name: _content(side.sources.text(named.name))
        for named in side.sources.named
        if named.is_text and named.place[: len(path)] == path and named.name not in requirements
    }


def _content(text: str | None) -> Any:
    """JSON as data, since its layout has no effect; any other text as it is."""
    try:
        return json.loads(text or "")
    except ValueError:
        return text
