"""One side of a comparison: a spec in an environment, with all that a build would make of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from iotgen.compare.difference import Origin, Source
from iotgen.kinds import KINDS
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.model.sources import Sources
from iotgen.problem import Path
from iotgen.resolve import resolve
from iotgen.spec.defaults import fill
from iotgen.spec.document import Document, Place
from iotgen.spec.schema import schema
from iotgen.spec.walk import resolved, walk

# Names are compared as the spec writes them, so that no suffix makes a difference.
_SUFFIX = "{suffix}"
# What is merged into the other sections, and says nothing more there.
_MERGED = ("environments", "defaults", "version")

# Version and hashes of each package, by its name.
Pins = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Side:
    """A valid document, whose overlay is merged, and its files.

    `label` names the side in messages. `code` has the digests of the files in each function's zip, `pins` the
    packages of each layer, both by key; `own` the texts of the project's own Terraform.
    """

    label: str
    document: Document
    sources: Sources
    code: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pins: Mapping[str, Pins] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The resources, with `{suffix}` in the place of the suffix."""
        pipeline, _ = resolve(self.document, self._filled, _SUFFIX, self.sources, self.document.data)
        return pipeline

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Every setting by section, those with defaults and those that follow from others included."""
        settings = {name: value for name, value in self._filled.items() if name not in _MERGED}
        for section, key, resource in self._resources():
            settings[section] = {**settings[section], key: self._with_derived(section, key, resource)}
        return settings

    @cached_property
    def unordered(self) -> frozenset[Path]:
        """The paths of lists whose order means nothing: of distinct values that are no references."""
        return frozenset(
            path
            for path, _, node in walk(self._filled, schema())
            if node.get("uniqueItems") and "refersTo" not in resolved(node.get("items", {}), schema())
        )

    def origin(self, path: Path, *, key: bool = False) -> Origin:
        """Where the value at `path` comes from, or with `key` its key."""
        places = self.document.keys if key else self.document.values
        if place := places.get(path) or self.document.values.get(path):
            return self.written(place, Source.SPEC)
        shared = _shared(path)
        if shared and (place := self.document.values.get(shared)):
            return self.written(place, Source.DEFAULTS)
        if _is_at(self._filled, path):
            return Origin(Source.DEFAULT)
        return Origin(Source.DERIVED)

    @cached_property
    def _filled(self) -> dict[str, Any]:
        return fill(self.document.data, schema())

    def written(self, place: Place, source: Source = Source.SPEC) -> Origin:
        """The origin of what a file states."""
        overlaid = place.path[:1] == ("environments",)
        return Origin(Source.OVERLAY if overlaid else source, self.document.file, place.line)

    def _resources(self) -> Iterator[tuple[str, str, Resource]]:
        for kind in KINDS:
            for resource in kind.of(self.pipeline):
                if resource.path == (kind.section, resource.key):
                    yield kind.section, resource.key, resource

    def _with_derived(self, section: str, key: str, resource: Resource) -> Mapping[str, Any]:
        """The settings of a resource, and those that it has without being given them."""
        given = self._filled[section][key]
        names = resolved(_each(section), schema()).get("properties", {})
        derived = {name: getattr(resource, name, None) for name in names if name not in given}
        plain = {name: value for name, value in derived.items() if isinstance(value, bool | int | str)}
        return {**given, **plain}


def keyed(section: str) -> bool:
    """Whether a section has resources by their keys."""
    return resolved(_each(section), schema()).get("type") == "object"


def noun(section: str) -> str:
    """What one resource of a section is called: `table`."""
    title = str(resolved(_each(section), schema()).get("title", section))
    return title.removeprefix("an ").removeprefix("a ")


def starts_from(section: str) -> str | None:
    """The part of `defaults` that the resources of a section start from."""
    name: str | None = schema()["properties"].get(section, {}).get("startsFrom")
    return name


def _shared(path: Path) -> Path:
    """The path in `defaults` that a resource's setting is inherited from, empty if there is none."""
    start = starts_from(str(path[0]))
    return ("defaults", start, *path[2:]) if start and len(path) > 2 else ()


def _each(section: str) -> Mapping[str, Any]:
    node = resolved(schema()["properties"].get(section, {}), schema())
    each: Mapping[str, Any] = node.get("additionalProperties") or {}
    return each


def _is_at(data: Any, path: Path) -> bool:
    for step in path:
        keys: Any = range(len(data)) if isinstance(data, list) else data if isinstance(data, dict) else ()
        if step not in keys:
            return False
        data = data[step]
    return True
