"""The rows of readings, by the keys of their devices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from iotgen.kinds import KINDS
from iotgen.model.contents import Clients
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.traces import Page, Row
from iotgen.operate.refusal import error_code, explaining
from iotgen.operate.trace.mentions import Ids

_MISSING = "ResourceNotFoundException"


@dataclass(frozen=True)
class FoundRow:
    """A row of a resource that carries the reading with an id."""

    id: str
    resource: Named
    row: Row


@dataclass(frozen=True)
class Rows:
    """The rows that were found, and what could not be read, in words."""

    found: tuple[FoundRow, ...]
    unseen: tuple[str, ...]


def find_rows(pipeline: Pipeline, clients: Clients, devices: Mapping[str, frozenset[str]]) -> Rows:
    """The rows of readings; `devices` has the ids of each device's."""
    found: list[FoundRow] = []
    unseen: list[str] = []
    for kind in KINDS:
        if not (kind.traces and kind.traces.rows):
            continue
        for resource in kind.of(pipeline):
            for device, ids in devices.items():
                with explaining(f"read the rows of `{resource.key}`", "dynamodb:Query"):
                    try:
                        pages = kind.traces.rows(clients, resource, device)
                        of, more = _look(pages, Ids(ids))
                    except ClientError as error:
                        if error_code(error) != _MISSING:
                            raise
                        unseen.append(f"{resource.key}: not deployed")
                        continue
                found += [FoundRow(id, (kind.section, resource.key), row) for id, row in of]
                unseen += [f"{resource.key}: only the newest {more:,} rows of {device} were read"] * (
                    more > 0
                )
    return Rows(tuple(found), tuple(dict.fromkeys(unseen)))


def _look(pages: Iterable[Page], ids: Ids) -> tuple[list[tuple[str, Row]], int]:
    """The rows that carry ids, and how many were read if there are more and an id is still missing."""
    found: list[tuple[str, Row]] = []
    read = 0
    for page in pages:
        found += [(id, row) for row in page.rows for id in _carried(row, ids)]
        read += len(page.rows)
        if page.last or {id for id, _ in found} == ids.texts:
            return found, 0
    return found, read


def _carried(row: Row, ids: Ids) -> Iterator[str]:
    return iter((ids.texts & row.texts) | ids.words(row.texts))
