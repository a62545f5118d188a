import json
from typing import Any

from readings.notification import ObjectVersion
from readings.object_content import Entry
from readings.rejects import Rejects


class Bucket:
    def __init__(self) -> None:
        self.objects: dict[str, list[Any]] = {}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        self.objects[Key] = [json.loads(line) for line in Body.splitlines()]


def test_parts_are_named_after_their_first_entry() -> None:
    bucket = Bucket()
    rejects = Rejects(bucket, ObjectVersion("b", "readings/a.json", None, "etag"))
    for number in range(1, 4):
        rejects.add(Entry(number, content=b"x" * 3_000_000, problem="bad"), "bad")
    rejects.flush()
    rejects.flush()
    assert {key: [line["number"] for line in lines] for key, lines in bucket.objects.items()} == {
        "rejected/readings/a.json/etag/000000001.jsonl": [1, 2],
        "rejected/readings/a.json/etag/000000003.jsonl": [3],
    }


def test_a_key_stays_within_what_s3_allows() -> None:
    bucket = Bucket()
    rejects = Rejects(bucket, ObjectVersion("b", "readings/" + "k" * 1000, "v" * 100, "etag"))
    rejects.add(Entry(1, document={}), "bad")
    rejects.flush()
    [key] = bucket.objects
    assert len(key) < 1024


def test_what_is_too_deep_to_be_written_again_is_named_by_its_number() -> None:
    bucket = Bucket()
    rejects = Rejects(bucket, ObjectVersion("b", "k", None, "etag"))
    rejects.add(Entry(7, document=json.loads("[" * 40 + "]" * 40)), "nested deeper than 32 levels")
    rejects.flush()
    assert list(bucket.objects.values()) == [[{"number": 7, "reason": "nested deeper than 32 levels"}]]
