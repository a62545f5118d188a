"""The list of a storm: crossings as rows that an operator reads, thousands of devices in each.

They stand under a partition key that no device can have, in the table that the readings go to; see
docs/operations.md. Their sort keys begin with the time of writing, by which a notification names them.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from readings import exact_json, instant
from readings.thresholds import Crossing

PARTITION = "alerts#storm"
KEPT_SECONDS = 30 * 86_400

_MOST_DEVICES = 2_000
# An item has 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
_MOST_BYTES = 300_000
_DIGEST_CHARACTERS = 16

Row = tuple[dict[str, Any], Sequence[Crossing]]


def rows(crossings: Sequence[Crossing], sort_key: str, now: int) -> Iterator[Row]:
    """Give the rows, each with the crossings that it lists; `sort_key` is the name of the table's."""
    by_kind = sorted(crossings, key=_kind)
    for (sensor, bound), alike in groupby(by_kind, key=_kind):
        for texts, listed in _parts(alike):
            values = "{" + ",\n".join(texts) + "}"
            digest = sha256(values.encode()).hexdigest()[:_DIGEST_CHARACTERS]
            yield (
                {
                    "device_id": PARTITION,
                    sort_key: f"{instant.iso(now)}#{sensor}#{bound}#{digest}",
                    "sensor": sensor,
                    "bound": bound,
                    "limit": listed[0].limit,
                    "devices": len(listed),
                    "since": instant.iso(min(crossing.timestamp for crossing in listed)),
                    # Text takes a quarter of the time and of the room of a map, and is what people read.
                    "values": values,
                    "expires_at": now // 1000 + KEPT_SECONDS,
                },
                listed,
            )


def _kind(crossing: Crossing) -> tuple[str, str]:
    return crossing.sensor, crossing.bound


def _parts(crossings: Iterable[Crossing]) -> Iterator[tuple[list[str], list[Crossing]]]:
    texts: list[str] = []
    listed: list[Crossing] = []
    size = 0
    for crossing in crossings:
        text = f"{exact_json.dumps(crossing.device_id)}:{exact_json.dumps(crossing.value)}"
        if listed and (len(listed) == _MOST_DEVICES or size + len(text) > _MOST_BYTES):
            yield texts, listed
            texts, listed, size = [], [], 0
        texts.append(text)
        listed.append(crossing)
        size += len(text) + len(",\n")
    if listed:
        yield texts, listed
