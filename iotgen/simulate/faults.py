"""Faults in readings. Each must be rejected with a reason, whatever the handlers' `config` is."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Document = dict[str, Any]

# More than the maximum of `limits.reading_bytes`.
LARGE_BYTES = 132 * 1024
# More than the default of `limits.body_bytes`, less than Lambda's limit.
HUGE_BYTES = 5_500_000
_HUGE = 20  # one of this many oversized readings is huge

# Items that are JSON, but not readings.
_ITEMS: tuple[Callable[[Document], object], ...] = (
    lambda document: _without(document, "device_id"),
    lambda document: _without(document, "sensor_data"),
    lambda document: {**document, "device_id": 42},
    lambda document: {**document, "device_id": "two words"},
    lambda document: {**document, "sensor_data": {}},
    lambda document: {**document, "sensor_data": [1, 2]},
    lambda document: {**document, "sensor_data": {**document["sensor_data"], "temperature": "NaN"}},
    lambda document: {**document, "sensor_data": {**document["sensor_data"], "nested": {"a": 1}}},
    lambda document: {**document, "timestamp": "yesterday"},
    lambda document: {**document, "timestamp": -1},
    lambda document: {**document, "event_id": ""},
    lambda _document: "not an object",
    lambda _document: None,
    lambda _document: 42,
)

# Of these, the reading can still be told from others: device and `sequence` are as they were.
_TRACEABLE: tuple[Callable[[Document], object], ...] = (
    lambda document: {**document, "sensor_data": {**document["sensor_data"], "temperature": "NaN"}},
    lambda document: {**document, "sensor_data": {**document["sensor_data"], "nested": {"a": 1}}},
    lambda document: {**document, "timestamp": "yesterday"},
    lambda document: {**document, "timestamp": -1},
    lambda document: {**document, "event_id": ""},
)

# Texts that are not JSON, or have an invalid number: they make the whole body unreadable.
_TEXTS: tuple[Callable[[bytes], bytes], ...] = (
    lambda text: text[: len(text) // 2],
    lambda _text: b"not JSON at all",
    lambda text: text.replace(b'"temperature":', b'"temperature":NaN,"was":'),
    lambda text: text.replace(b'"temperature":', b'"temperature":1e999,"was":'),
    lambda text: text.replace(b"device_id", b"device_\xff\xfe"),
)


def malformed(document: Document, random: Random) -> bytes:
    """A reading with one of many faults; `is_no_json` determines its sort, from the same `random`."""
    if is_no_json(random):
        return random.choice(_TEXTS)(_dumped(document))
    return _dumped(random.choice(_ITEMS)(document))


def traceable(document: Document, random: Random) -> bytes:
    """A reading with a fault by which it can still be found among dead letters."""
    return _dumped(random.choice(_TRACEABLE)(document))


def is_no_json(random: Random) -> bool:
    """Whether the next malformed reading is not JSON."""
    return random.randrange(len(_ITEMS) + len(_TEXTS)) >= len(_ITEMS)


def oversized(document: Document, random: Random) -> bytes:
    """A reading that is too large."""
    padding = HUGE_BYTES if is_huge(random) else LARGE_BYTES
    return _dumped({**document, "padding": "x" * padding})


def is_huge(random: Random) -> bool:
    """Whether the next oversized reading is too large for a body."""
    return random.randrange(_HUGE) == 0


def _without(document: Mapping[str, Any], name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


def _dumped(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
