"""How a reading that came through a pipeline is looked for in a resource."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic

from iotgen.model.contents import Clients
from iotgen.model.resource import R


@dataclass(frozen=True)
class Row:
    """An item: its key, every text in it, and the latest time of an attribute `..._at`, in milliseconds."""

    key: Mapping[str, str]
    texts: frozenset[str]
    at: int | None


@dataclass(frozen=True)
class Page:
    """Rows, the newest first; `last` is whether there are no more."""

    rows: tuple[Row, ...]
    last: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Traces(Generic[R]):
    """What a kind knows of readings.

    `rows` gives those of a device, in a few calls; it raises what boto3 does. `noted` is the field of a
    function's log line in which it names the readings that it passed to such a resource, and `done` says
    what it did with them.
    """

    rows: Callable[[Clients, R, str], Iterator[Page]] | None = None
    noted: str | None = None
    done: str = ""
