import json
from typing import Any

from readings.named import Named


def test_events_stand_under_their_device_each_once() -> None:
    named = Named()
    for device, event in (("d", "e-1"), ("c", "e-1"), ("d", "e-2"), ("d", "e-1")):
        named.add(device, event)
    assert named.by_device == {"d": ["e-1", "e-2"], "c": ["e-1"]}
    assert named.others == 0


def test_a_document_is_named_by_its_ids_where_they_are_as_a_reading_has_them() -> None:
    named = Named()
    named.add_document({"device_id": "d", "event_id": "e-1", "sensor_data": "secret"})
    unnamed: tuple[Any, ...] = (None, [], {}, {"device_id": "d"}, {"device_id": 1, "event_id": "e"})
    for document in unnamed:
        named.add_document(document)
    named.add_document({"device_id": "d", "event_id": "e" * 129})
    assert named.by_device == {"d": ["e-1"]}
    assert named.others == 6


def test_a_line_stays_below_what_cloudwatch_takes_whatever_the_ids_are() -> None:
    named = Named()
    for number in range(100_000):
        named.add(f"{number:06d}" + "\N{GRINNING FACE}" * 120, "\N{GRINNING FACE}" * 128)
    assert len(json.dumps(named.by_device)) < 1_000_000
    assert named.others == 100_000 - len(named.by_device)
    assert named.by_device


def test_a_full_batch_of_usual_readings_is_named() -> None:
    named = Named()
    for number in range(1000):
        named.add(f"device-{number % 100}", f"{number:036d}")
    assert named.others == 0
