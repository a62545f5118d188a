import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import exact_json
from readings.reading import LARGEST_BYTES, Reading, ReadingError, from_message, read, to_message

ARRIVAL = 1_700_000_100_000
DOCUMENT = {
    "device_id": "device-123",
    "timestamp": 1_700_000_000_000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 25, "humidity": 60},
}

names = st.text("abcdefgh", min_size=1, max_size=3)
documents = st.fixed_dictionaries(
    {
        "device_id": st.sampled_from(["d-1", "d-2"]),
        "sensor_data": st.dictionaries(names, st.integers(-9, 9) | st.booleans(), min_size=1, max_size=3),
    },
    optional={
        "timestamp": st.none() | st.integers(1_700_000_000_000, 1_700_000_000_002),
        "event_id": st.none() | st.sampled_from(["e", "e#1", "é"]),
        "firmware": st.integers(0, 2),
    },
)


def made(document: Any, arrival: int = ARRIVAL) -> Reading:
    return read(exact_json.loads(json.dumps(document)), arrival, LARGEST_BYTES)


def without_nulls(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def test_has_one_key_for_each_order() -> None:
    reading = made(DOCUMENT)
    assert reading.sort_key.startswith("001700000000000#e-1#")
    assert reading.event_date.startswith("2023-11-14T22:13:20.000Z#e-1#")


@given(documents, documents)
def test_only_the_same_reading_is_the_same_event(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = json.dumps(without_nulls(one), sort_keys=True) == json.dumps(without_nulls(other), sort_keys=True)
    assert (made(one).key == made(other).key) == same
    keys_by_date = {(made(document).device_id, made(document).event_date) for document in (one, other)}
    assert (len(keys_by_date) == 1) == same


@given(documents, st.integers(0, 10**12))
def test_the_time_of_arrival_is_no_part_of_the_identity(document: dict[str, Any], later: int) -> None:
    assert made(document).identity == made(document, ARRIVAL + later).identity


@given(documents, st.integers(0, 10**12))
def test_the_queue_changes_no_key(document: dict[str, Any], sent_at: int) -> None:
    reading = made(document)
    message = exact_json.loads(exact_json.dumps(to_message(reading)))
    received = from_message(message, sent_at)
    assert received.key == reading.key
    assert received.event_date == reading.event_date
    assert received.received_at == reading.received_at


def test_microseconds_tell_readings_of_a_millisecond_apart() -> None:
    texts = [f"2023-11-14T22:13:20.0001{n}0Z" for n in range(2)]
    keys = {made({"device_id": "d", "timestamp": t, "sensor_data": {"t": 1}}).sort_key for t in texts}
    assert len(keys) == 2
    assert {key[:15] for key in keys} == {"001700000000000"}


def test_iso_and_milliseconds_are_the_same_time() -> None:
    assert made({**DOCUMENT, "timestamp": "2023-11-14T22:13:20Z"}) == made(DOCUMENT)


def test_an_event_id_used_again_for_other_content_is_another_event() -> None:
    other = made({**DOCUMENT, "sensor_data": {"temperature": 26}})
    assert other.event_id == made(DOCUMENT).event_id == "e-1"
    assert other.key != made(DOCUMENT).key


def test_a_message_without_a_time_happened_when_it_was_sent() -> None:
    reading = from_message({"device_id": "d", "sensor_data": {"t": 1}}, 1_700_000_000_000)
    assert reading.timestamp == 1_700_000_000_000


def test_keeps_fields_that_it_does_not_know() -> None:
    assert made({**DOCUMENT, "firmware": {"version": 2}}).extra == {"firmware": {"version": 2}}


def invalid(**changes: Any) -> dict[str, Any]:
    return {**DOCUMENT, **changes}


ID = "must be 1 to 128 characters without white space"
TIME = "timestamp must be milliseconds since the epoch, or ISO 8601 such as 2024-01-15T10:00:00.000Z"


@pytest.mark.parametrize(
    ("document", "field", "reason"),
    [
        ([], "", "a reading must be an object"),
        (None, "", "a reading must be an object"),
        ({}, "", "a reading must have device_id and sensor_data"),
        ({"device_id": "d"}, "", "a reading must have sensor_data"),
        (invalid(device_id=123), "device_id", "device_id must be string"),
        (invalid(device_id=""), "device_id", f"device_id {ID} or '#'"),
        (invalid(device_id="d" * 129), "device_id", f"device_id {ID} or '#'"),
        (invalid(device_id="alert#d"), "device_id", f"device_id {ID} or '#'"),
        (invalid(device_id="d\n"), "device_id", f"device_id {ID} or '#'"),
        (invalid(event_id=7), "event_id", "event_id must be string or null"),
        (invalid(event_id=""), "event_id", f"event_id {ID}"),
        (invalid(event_id="e" * 129), "event_id", f"event_id {ID}"),
        (invalid(readings=[]), "readings", "a reading must not hold readings"),
        (invalid(timestamp=True), "timestamp", "timestamp must be integer or string or null"),
        (invalid(timestamp=1.5), "timestamp", "timestamp must be integer or string or null"),
        (invalid(timestamp=-1), "timestamp", "timestamp must be bigger than or equal to 0"),
        (
            invalid(timestamp=10**15),
            "timestamp",
            "timestamp must be smaller than or equal to 253402300799999",
        ),
        (invalid(timestamp="soon"), "timestamp", TIME),
        (
            invalid(timestamp="2023-02-30T00:00:00Z"),
            "timestamp",
            "timestamp: day is out of range for month",
        ),
        (invalid(sensor_data=[]), "sensor_data", "sensor_data must be object"),
        (invalid(sensor_data={}), "sensor_data", "sensor_data must contain at least 1 properties"),
        (
            invalid(sensor_data={"temperature": "hot"}),
            "sensor_data.temperature",
            "sensor_data.temperature must be number",
        ),
        (
            invalid(sensor_data={"temperature": True}),
            "sensor_data.temperature",
            "sensor_data.temperature must be number",
        ),
        (
            invalid(sensor_data={"status": 1}),
            "sensor_data.status",
            "sensor_data.status is not free: the pipeline uses this name itself",
        ),
        (invalid(event_id="\ud800"), "", "half of a surrogate pair is not a character"),
        (invalid(note="x" * LARGEST_BYTES), "", "a reading must not be larger than 131072 bytes"),
        (invalid(note=json.loads("[" * 40 + "]" * 40)), "", "nested deeper than 32 levels"),
    ],
)
def test_refuses(document: Any, field: str, reason: str) -> None:
    with pytest.raises(ReadingError) as caught:
        made(document)
    assert (caught.value.field, caught.value.reason) == (field, reason)


@pytest.mark.parametrize("value", [None, [1], {"deep": 1}, "x" * 1025])
def test_refuses_sensor_values_that_are_no_scalars(value: Any) -> None:
    with pytest.raises(ReadingError):
        made(invalid(sensor_data={"noise": value}))


@pytest.mark.parametrize("name", ["", "a b", "a#b", "x" * 65])
def test_refuses_sensor_names(name: str) -> None:
    with pytest.raises(ReadingError):
        made(invalid(sensor_data={name: 1}))


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": None},
        {"received_at": "now"},
        {"received_at": True},
        {"received_at": -1},
        {"received_at": 10**37},
        {"digest": "short"},
        {"digest": 7},
        {"digest": None},
    ],
)
def test_refuses_a_message_that_ingestion_did_not_write(changes: dict[str, Any]) -> None:
    message = {**to_message(made(DOCUMENT)), **changes}
    with pytest.raises(ReadingError, match="not as ingestion writes them"):
        from_message(message, ARRIVAL)
