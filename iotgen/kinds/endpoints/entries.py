"""The endpoints as a spec has them: one method at a path, or several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.endpoints.api import SECTION
from iotgen.model.context import Context
from iotgen.problem import Path
from iotgen.spec.schema import schema

METHODS = tuple(schema()["$defs"]["endpoint"]["properties"]["method"]["enum"])


@dataclass(frozen=True)
class Entry:
    """The settings of a method at a path of the API; `written` has the names of those that the spec has."""

    route: str
    method: str
    settings: Mapping[str, Any]
    path: Path
    written: frozenset[str]


def entries(context: Context) -> Iterator[Entry]:
    """Each endpoint, whichever form the spec has for its path."""
    for route, settings, path in context.entries(SECTION):
        written = context.written[SECTION][route]
        if not any(key in METHODS for key in settings):
            yield Entry(route, settings["method"], settings, path, frozenset(written))
            continue
        for method, own in settings.items():
            yield Entry(route, method, own, (*path, method), frozenset(written[method]))
