from __future__ import annotations

from typing import Any

import pytest

from iotgen.errors import IotgenError
from iotgen.simulate.places import To, find_places

API = {
    "api_endpoint": "https://api.test/v1",
    "table_names": {"raw-sensor-data": "raw-sensor-data-dev", "processed-data": "processed-data-dev"},
    "queue_urls": {"iot-ingestion": "https://sqs.test/q"},
    "dead_letter_queue_urls": {
        "iot-ingestion": "https://sqs.test/dlq",
        "data-query": "https://sqs.test/dlq2",
    },
}
BUCKET = {
    "bucket_names": {"sensor-readings": "sensor-readings-dev"},
    "table_names": {"sensor-events": "sensor-events-dev"},
    "dead_letter_queue_urls": {"event-processor": "https://sqs.test/dlq"},
}


def test_the_api_is_chosen_where_there_is_one() -> None:
    places = find_places(API | BUCKET | {"table_names": API["table_names"]}, None, None, verify=True)
    assert places.to is To.API
    assert [(table.name, table.late) for table in places.tables] == [
        ("raw-sensor-data-dev", False),
        ("processed-data-dev", True),
    ]
    assert places.queues == ("https://sqs.test/q",)


def test_without_an_api_it_is_the_bucket() -> None:
    places = find_places(BUCKET, None, None, verify=True)
    assert (places.to, places.bucket) == (To.BUCKET, "sensor-readings-dev")
    assert [table.name for table in places.tables] == ["sensor-events-dev"]
    assert places.dead_letter_queues == ("https://sqs.test/dlq",)


def test_one_of_many_buckets_is_named_by_its_key() -> None:
    outputs = {"bucket_names": {"a": "a-dev", "b": "b-dev"}}
    assert find_places(outputs, None, "b", verify=False).bucket == "b-dev"


@pytest.mark.parametrize(
    ("outputs", "to", "bucket", "told"),
    [
        (BUCKET, To.API, None, "this pipeline has no API"),
        (API, To.BUCKET, None, "neither an API nor a bucket"),
        ({}, None, None, "neither an API nor a bucket"),
        ({"bucket_names": {"a": "a-dev", "b": "b-dev"}}, None, None, "more than one bucket"),
        (BUCKET, None, "other", "there is no bucket `other`"),
        (API | {"table_names": {"raw-sensor-data": "r"}}, None, None, "no table processed-data"),
    ],
)
def test_what_is_not_there_is_told(
    outputs: dict[str, Any], to: To | None, bucket: str | None, told: str
) -> None:
    with pytest.raises(IotgenError, match=told):
        find_places(outputs, to, bucket, verify=True)


def test_tables_are_only_needed_to_verify() -> None:
    assert find_places({"api_endpoint": "https://api.test"}, None, None, verify=False).tables == ()
