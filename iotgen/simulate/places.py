"""The parts of a deployment that a simulation reads and writes."""

from dataclasses import dataclass
from enum import StrEnum


class To(StrEnum):
    """Where readings are sent."""

    API = "api"
    BUCKET = "bucket"
    MQTT = "mqtt"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that must have every reading; `late` is whether it gets them behind a queue or a trigger."""

    key: str
    name: str
    partition_key: str
    sort_key: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The physical names and URLs that a simulation reads or writes.

    `path` is the API's; `bucket`, `prefix` and `rejected` are only for objects; `topic` is for messages, with
    `{device}` for the device.
    """

    to: To
    path: str = ""
    bucket: str = ""
    prefix: str = ""
    rejected: str = ""
    topic: str = ""
    tables: tuple[Table, ...] = ()
    queues: tuple[str, ...] = ()
    dead_letter_queues: tuple[str, ...] = ()
