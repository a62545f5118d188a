import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

READING: dict[str, Any] = {
    "device_id": "device-123",
    "timestamp": 1_700_000_000_000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 25.5},
}


def lines(*documents: Any) -> bytes:
    return "".join(json.dumps(document) + "\n" for document in documents).encode()


def several(count: int) -> list[dict[str, Any]]:
    return [{**READING, "event_id": f"e-{n}"} for n in range(count)]


def test_an_object_becomes_a_row(world: Any) -> None:
    assert world.process_objects(world.put_object("readings/a.json", lines(READING)))["processed"] == 1
    [row] = world.rows("SENSOR_EVENTS")
    assert row["timestamp"].startswith("001700000000000#e-1#")
    assert row["event_date"] == "2023-11-14T22:13:20.000Z"
    assert str(row["temperature_fahrenheit"]) == "77.9"
    assert row["status"] == "processed"
    assert row["metadata"] == {"object": "readings/a.json", "number": 1}


@pytest.mark.parametrize(
    "content",
    [
        lines(*several(3)),
        json.dumps(several(3)).encode(),
        json.dumps({"readings": several(3)}, indent=2).encode(),
        b"\r\n".join(lines(reading).strip() for reading in several(3)),
    ],
)
def test_takes_json_and_json_lines(world: Any, content: bytes) -> None:
    world.process_objects(world.put_object("readings/a.json", content))
    assert sorted(row["event_id"] for row in world.rows("SENSOR_EVENTS")) == ["e-0", "e-1", "e-2"]


@pytest.mark.parametrize("key", ["readings/a b+c.json", "readings/day=1/ü.json", "readings/100%.json"])
def test_keys_are_url_decoded(world: Any, key: str) -> None:
    world.process_objects(world.put_object(key, lines(READING)))
    assert world.rows("SENSOR_EVENTS")[0]["metadata"]["object"] == key


def test_the_same_notification_again_changes_nothing(world: Any) -> None:
    event = world.put_object(
        "readings/a.json", lines({"device_id": "d", "sensor_data": {"temperature": 99}}, {})
    )
    world.process_objects(event)
    rows, rejected = world.rows("SENSOR_EVENTS"), world.rejected_objects()
    world.restarted().process_objects(event)
    assert world.rows("SENSOR_EVENTS") == rows
    assert world.rejected_objects() == rejected
    assert len(world.notifications()) == 1


def test_bad_lines_are_put_aside_with_the_reason(world: Any) -> None:
    bad = {"device_id": 7, "sensor_data": {"t": 1}}
    content = lines(READING) + b"{broken\n\n" + lines(bad) + b"\xff\xfa\n"
    counts = world.process_objects(world.put_object("readings/a.jsonl", content))
    assert counts["processed"] == 1
    assert counts["rejected"] == counts["errors"] == 3
    [(key, rejects)] = world.rejected_objects().items()
    assert key.startswith("rejected/readings/a.jsonl/")
    assert rejects == [
        {
            "number": 2,
            "reason": "not JSON: Expecting property name enclosed in double quotes at line 1 column 2",
            "content": "{broken",
        },
        {
            "number": 4,
            "reason": "device_id must be string",
            "document": bad,
        },
        {"number": 5, "reason": "the text is not UTF-8", "content": "\\xff\\xfa"},
    ]


@pytest.mark.parametrize(
    "content", [b"", b"no JSON\nat all", b"\x00\xff" * 100, b"[1, 2", b"null", b'"text"']
)
def test_a_bad_object_is_put_aside_as_a_whole_and_not_tried_again(world: Any, content: bytes) -> None:
    counts = world.process_objects(world.put_object("readings/a.json", content))
    assert counts["rejected"] == 1
    [rejects] = world.rejected_objects().values()
    assert len(rejects) == 1
    assert world.rows("SENSOR_EVENTS") == []


@pytest.mark.parametrize("join", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_costs_no_reading(world: Any, join: bytes) -> None:
    content = b"\xef\xbb\xbf" + join.join(lines(reading) for reading in several(3))
    assert world.process_objects(world.put_object("readings/a.json", content))["processed"] == 3
    assert world.rejected_objects() == {}


def test_half_a_surrogate_pair_costs_no_neighbour(world: Any) -> None:
    halves = [{**READING, "device_id": "\ud800"}, {**READING, "sensor_data": {"note": "\udfff"}}]
    event = world.put_object("readings/a.json", lines(*halves, *several(3)))
    counts = world.process_objects(event)
    assert (counts["rejected"], counts["processed"]) == (2, 3)
    [rejects] = world.rejected_objects().values()
    assert [reject["document"] for reject in rejects] == halves


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (json.dumps(READING).encode("utf-16"), "the text is UTF-16, not UTF-8"),
        (
            json.dumps({**READING, "readings": []}).encode(),
            "device_id and event_id and sensor_data and timestamp must not stand beside readings: "
            "send a reading or a batch",
        ),
        (b'{"readings": 7}', "readings must be a list of at least one reading"),
        (
            b'{"device_id": "d", "sensor_data": {"t": 1, "t": 2}}',
            'the key "t" appears twice in one object',
        ),
    ],
)
def test_an_object_that_could_lose_a_reading_is_put_aside(world: Any, content: bytes, reason: str) -> None:
    counts = world.process_objects(world.put_object("readings/a.json", content))
    assert (counts["rejected"], counts.get("processed", 0)) == (1, 0)
    [[reject]] = world.rejected_objects().values()
    assert reject["reason"] == reason


def test_events_expire_where_the_configuration_says_so(world: Any) -> None:
    world = world.configure(retention_days=30)
    world.process_objects(world.put_object("readings/a.json", lines(READING)))
    [row] = world.rows("SENSOR_EVENTS")
    assert row["expires_at"] == 1_700_000_100 + 30 * 86_400


def test_a_reading_without_a_time_has_that_of_its_object(world: Any) -> None:
    world.process_objects(
        world.put_object("readings/a.json", lines({"device_id": "d", "sensor_data": {"t": 1}}))
    )
    [row] = world.rows("SENSOR_EVENTS")
    age = datetime.now(UTC) - datetime.fromisoformat(row["event_date"])
    assert 0 <= age.total_seconds() < 60


@pytest.mark.parametrize("file", ["s3_test.json"])
def test_test_events_are_ignored(world: Any, load_event: Any, file: str) -> None:
    assert world.process_objects(load_event(file)) == {}


SQS = {"messageId": "m", "eventSource": "aws:sqs", "body": "{}"}
NOTICE = "the event is not an S3 notification but "


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, NOTICE + "an object with nothing in it"),
        ([], NOTICE + "a JSON value of type list"),
        (None, NOTICE + "a JSON value of type NoneType"),
        ({"Records": []}, NOTICE + "an object with `Records`"),
        ({"Records": [SQS]}, NOTICE + "holds a record of `aws:sqs`"),
        ({"Records": [{"EventSource": "aws:sns", "Sns": {}}]}, NOTICE + "holds a record of `aws:sns`"),
        ({"Records": [None]}, NOTICE + "holds a JSON value of type NoneType"),
        ({"source": "aws.s3", "detail-type": "Object Created"}, NOTICE + "a record of `aws.s3`"),
        ({"httpMethod": "POST", "body": "{}"}, NOTICE + "an object with `httpMethod`, `body`"),
    ],
)
def test_an_event_of_another_kind_is_an_error_that_names_it(world: Any, event: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        world.process_objects(event)
    assert world.log_lines()[-1]["level"] == "ERROR"


@pytest.mark.parametrize("name", ["ObjectRemoved:Delete", "s3:TestEvent", None])
def test_a_notification_of_anything_but_a_new_object_is_an_error(world: Any, name: Any) -> None:
    event = world.put_object("readings/a.json", lines(READING))
    removed = {**event["Records"][0], "eventName": name}
    message = re.escape(f"the notification is of `{name}`, not of a created object")
    with pytest.raises(ValueError, match=message):
        world.process_objects({"Records": [*event["Records"], removed]})
    assert world.rows("SENSOR_EVENTS") == []


@pytest.mark.parametrize("key", ["readings/folder/", "rejected/readings/a.json"])
def test_folders_and_its_own_rejects_are_not_taken(world: Any, key: str) -> None:
    assert world.process_objects(world.put_object(key, lines(READING))) == {}


def test_an_object_that_is_gone_is_no_error(world: Any) -> None:
    event = world.put_object("readings/a.json", lines(READING))
    bucket = world.environment["BUCKET_SENSOR_READINGS"]
    world.clients["s3"].delete_object(Bucket=bucket, Key="readings/a.json")
    assert world.process_objects(event) == {"missing": 1}


def test_the_version_of_the_notification_is_the_one_that_is_read(world: Any) -> None:
    bucket, s3 = world.environment["BUCKET_SENSOR_READINGS"], world.clients["s3"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    versions = [
        s3.put_object(Bucket=bucket, Key="readings/a.json", Body=lines(reading))["VersionId"]
        for reading in several(2)
    ]
    event = world.put_object("readings/a.json", b"{}")
    event["Records"][0]["s3"]["object"]["versionId"] = versions[0]
    world.process_objects(event)
    [row] = world.rows("SENSOR_EVENTS")
    assert row["event_id"] == "e-0"
    assert row["metadata"]["version_id"] == versions[0]


def test_a_crossing_notifies_once_for_a_device_that_stays_above(world: Any) -> None:
    hot = [
        {**READING, "timestamp": 1_700_000_000_000 + n, "sensor_data": {"temperature": 90 + n}}
        for n in range(5)
    ]
    world.process_objects(world.put_object("readings/a.json", lines(*reversed(hot))))
    [notification] = world.notifications()
    assert (notification["value"], notification["limit"]) == (90, 80)
    world.clock.pass_seconds(901)
    later = {**READING, "event_id": "later", "sensor_data": {"temperature": -41}}
    world.process_objects(world.put_object("readings/b.json", lines(later, {**hot[0], "event_id": "e-9"})))
    [notification] = world.notifications()
    assert sorted((n["bound"], n["value"]) for n in notification["worst"]) == [("max", 90), ("min", -41)]


def test_a_storm_in_an_object_is_one_notification_after_all_rows(world: Any) -> None:
    hot = [{**READING, "device_id": f"d-{n}", "sensor_data": {"temperature": 90}} for n in range(1200)]
    calls: list[str] = []
    world.with_faults(calls).process_objects(world.put_object("readings/a.json", lines(*hot)))
    [notification] = world.notifications()
    assert notification["devices"] == 1200
    assert len(world.rows("SENSOR_EVENTS")) == 1200
    assert calls == ["get_object", "get_parameter", *["batch_write_item"] * 49, "put_item", "publish"]


def test_what_was_stored_before_a_fault_is_alerted_of(world: Any, error: Any) -> None:
    class Choosy:
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            if "refused" in json.dumps(RequestItems):
                raise error("AccessDeniedException")
            return world.clients["dynamodb"].batch_write_item(RequestItems=RequestItems)

        def put_item(self, **arguments: Any) -> Any:
            return world.clients["dynamodb"].put_item(**arguments)

    hot = [{**READING, "device_id": f"d-{n}", "sensor_data": {"temperature": 90}} for n in range(500)]
    event = world.put_object("readings/a.json", lines(*hot, {**READING, "device_id": "refused"}))
    with pytest.raises(Exception, match="AccessDenied"):
        world.with_client("dynamodb", Choosy()).process_objects(event)
    [notification] = world.notifications()
    assert notification["devices"] == 500


def test_without_thresholds_rows_are_stored_and_the_event_comes_back(world: Any) -> None:
    event = world.put_object("readings/a.json", lines({**READING, "sensor_data": {"temperature": 90}}))
    with pytest.raises(Exception, match="not read yet"):
        world.with_faults(call_1="throttle").process_objects(event)
    assert len(world.rows("SENSOR_EVENTS")) == 1
    assert world.notifications() == []
    world.restarted().process_objects(event)
    assert len(world.notifications()) == 1


def test_a_throttled_table_leaves_the_event_to_another_attempt(world: Any, error: Any) -> None:
    event = world.put_object("readings/a.json", lines(*several(3)))
    faulty = world.with_faults(**{f"call_{n}": "throttle" for n in range(2, 200)})
    with pytest.raises(Exception, match="did not take the item in time"):
        faulty.process_objects(event)
    assert world.log_lines()[-1]["level"] == "ERROR"
    world.restarted().process_objects(event)
    assert len(world.rows("SENSOR_EVENTS")) == 3


def test_large_objects_are_streamed(world: Any) -> None:
    class Large:
        """An object of 20 MB: readings, one of its lines 9 MB long; it counts what is asked of it at once."""

        largest = 0

        def get_object(self, **_: Any) -> Any:
            padding = {**READING, "note": "x" * 40_000}
            good = [lines({**padding, "event_id": f"e-{n}"}) for n in range(250)]
            content = b"".join([*good[:125], b"x" * 9_000_000 + b"\n", *good[125:]])
            stream = io.BytesIO(content)

            def read(amount: int | None = None) -> bytes:
                assert amount is not None
                self.largest = max(self.largest, amount)
                return stream.read(amount)

            body: Any = type("Body", (), {"read": staticmethod(read)})
            return {
                "Body": body,
                "ContentLength": len(content),
                "LastModified": datetime(2023, 11, 15, tzinfo=UTC),
            }

        def put_object(self, **arguments: Any) -> Any:
            return world.clients["s3"].put_object(**arguments)

    large = Large()
    counts = world.with_client("s3", large).process_objects(world.put_object("readings/a.jsonl", b""))
    assert counts["processed"] == 250
    assert counts["rejected"] == 1
    assert large.largest <= 1024 * 1024
    [[reject]] = world.rejected_objects().values()
    assert reject["number"] == 126
    assert reject["reason"] == "the line is longer than 262144 bytes"


def test_an_untimed_reading_in_a_later_object_is_the_same_event(world: Any) -> None:
    reading = lines({"device_id": "d", "event_id": "e", "sensor_data": {"t": 1}})

    class Written:
        """Objects with this reading, written on a day."""

        def __init__(self, day: int) -> None:
            self.day = day

        def get_object(self, **_: Any) -> dict[str, Any]:
            at = datetime(2023, 11, self.day, tzinfo=UTC)
            return {"Body": io.BytesIO(reading), "ContentLength": len(reading), "LastModified": at}

    for key, day in (("readings/a.json", 15), ("readings/b.json", 16)):
        event = world.put_object(key, reading)
        world.with_client("s3", Written(day)).process_objects(event)
    [row] = world.rows("SENSOR_EVENTS")
    assert row["event_date"].startswith("2023-11-15")
