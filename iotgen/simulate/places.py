"""What a simulation reads and writes of a deployment."""

from dataclasses import dataclass
from enum import StrEnum


class To(StrEnum):
    """Where readings are sent."""

    API = "api"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that has to hold every reading; `late` says that it gets them behind a queue or a trigger."""

    key: str
    name: str
    partition_key: str
    sort_key: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All that a simulation reads or writes, by their physical names and URLs.

    `path` is that of the API's endpoint; `bucket`, `prefix` and `rejected` are only for objects.
    """

    to: To
    path: str = ""
    bucket: str = ""
    prefix: str = ""
    rejected: str = ""
    tables: tuple[Table, ...] = ()
    queues: tuple[str, ...] = ()
    dead_letter_queues: tuple[str, ...] = ()
