"""Where a pipeline takes readings and where they end up, as its outputs name it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from iotgen.errors import IotgenError


class To(StrEnum):
    """Where readings are sent."""

    API = "api"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that each reading of one way belongs to.

    `nested` says that the values are in `sensor_data`; `late` that it comes after the queue or the trigger.
    """

    key: str
    name: str
    sort_key: str
    nested: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Places:
    """All that a simulation reads or writes, by their physical names and URLs."""

    to: To
    bucket: str
    tables: tuple[Table, ...]
    queues: tuple[str, ...]
    dead_letter_queues: tuple[str, ...]


# Those of the reference handlers, without their names.
_TABLES = {
    To.API: (
        Table("raw-sensor-data", "", "timestamp", nested=True, late=False),
        Table("processed-data", "", "event_date", nested=False, late=True),
    ),
    To.BUCKET: (Table("sensor-events", "", "timestamp", nested=False, late=True),),
}


def find_places(outputs: Mapping[str, Any], to: To | None, bucket: str | None, verify: bool) -> Places:
    """Read a deployment's outputs; without `to`, the API is chosen where there is one.

    `bucket` is its key in the spec. The tables are only looked for to `verify`. Raises IotgenError where
    there is no such place.
    """
    chosen = to or (To.API if "api_endpoint" in outputs else To.BUCKET)
    if chosen is To.API and "api_endpoint" not in outputs:
        raise IotgenError("this pipeline has no API", "`--to bucket` sends to its bucket")
    return Places(
        to=chosen,
        bucket=_bucket(_named(outputs, "bucket_names"), bucket) if chosen is To.BUCKET else "",
        tables=_tables(_named(outputs, "table_names"), chosen) if verify else (),
        queues=tuple(_named(outputs, "queue_urls").values()),
        dead_letter_queues=tuple(_named(outputs, "dead_letter_queue_urls").values()),
    )


def _named(outputs: Mapping[str, Any], output: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in (outputs.get(output) or {}).items()}


def _bucket(names: Mapping[str, str], key: str | None) -> str:
    if not names:
        raise IotgenError("this pipeline has neither an API nor a bucket to send readings to")
    if key is None and len(names) == 1:
        return next(iter(names.values()))
    if key in names:
        return names[key or ""]
    told = f"there is no bucket `{key}`" if key else "this pipeline has more than one bucket"
    raise IotgenError(told, f"choose with `--bucket`: {', '.join(sorted(names))}")


def _tables(names: Mapping[str, str], to: To) -> tuple[Table, ...]:
    missing = [table.key for table in _TABLES[to] if table.key not in names]
    if missing:
        raise IotgenError(
            f"nothing can be verified: this pipeline has no table {' and no table '.join(missing)}",
            "`--verify` knows where the reference handlers store readings; leave it out for others",
        )
    return tuple(replace(table, name=names[table.key]) for table in _TABLES[to])
