import base64
import json
from typing import Any

import pytest
from data_ingestion.handler import ingest

READING: dict[str, Any] = {
    "device_id": "device-123",
    "timestamp": 1_700_000_000_000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 25.5, "humidity": 60, "pressure": 1013},
}


# One text of a reading at a time.
HALVES: list[dict[str, Any]] = [
    {"device_id": "d\ud800"},
    {"event_id": "\udfff"},
    {"sensor_data": {"note": "\ud83d"}},
    {"sensor_data": {"note\ud83d": 1}},
    {"firmware": "\udc00"},
    {"\udc00": 1},
    {"firmware": {"versions": [{"\udc00": 1}]}},
]


def readings(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [{**READING, "event_id": f"e-{n}", **changes} for n in range(count)]


def test_stores_a_reading_and_hands_it_on(world: Any) -> None:
    response = world.ingest(READING)
    assert response.status == 200
    assert response.body == {
        "message": "reading accepted",
        "device_id": "device-123",
        "timestamp": 1_700_000_000_000,
        "event_id": "e-1",
    }
    [row] = world.rows("RAW_SENSOR_DATA")
    assert row["timestamp"].startswith("001700000000000#e-1#")
    assert str(row["sensor_data"]["temperature"]) == "25.5"
    assert row["received_at"] == world.clock.now()
    [message] = world.drain()
    assert json.loads(message["Body"])["readings"][0]["event_id"] == "e-1"


def test_a_batch_names_each_reading_that_it_rejects(world: Any) -> None:
    batch = [READING, {}, {**READING, "event_id": "e-2"}, 7]
    response = world.ingest({"readings": batch})
    assert response.status == 200
    assert response.body == {
        "accepted": 2,
        "rejected": [
            {"index": 1, "error": "a reading must have device_id and sensor_data"},
            {"index": 3, "error": "a reading must be an object"},
        ],
    }
    assert len(world.rows("RAW_SENSOR_DATA")) == 2


def test_a_batch_goes_to_the_queue_as_one_message(world: Any) -> None:
    assert world.ingest({"readings": readings(100)}).body == {"accepted": 100, "rejected": []}
    [message] = world.drain()
    assert len(json.loads(message["Body"])["readings"]) == 100
    assert len(world.rows("RAW_SENSOR_DATA")) == 100


def test_a_batch_whose_answer_would_be_too_large_stores_nothing(world: Any) -> None:
    world = world.configure(limits={"readings": 10_000})
    bad = {"device_id": "d", "sensor_data": {"é" * 250: 1}}
    response = world.ingest(json.dumps({"readings": [READING, *[bad] * 5_000]}, ensure_ascii=False))
    assert (response.status, response.body["error"]["code"]) == (413, "answer_too_large")
    assert world.all_rows("RAW_SENSOR_DATA") == []


def test_a_batch_of_bad_readings_only_is_answered_too(world: Any) -> None:
    response = world.ingest({"readings": [{}]})
    assert (response.status, response.body["accepted"]) == (200, 0)
    assert world.drain() == []


def test_two_readings_of_a_millisecond_are_two(world: Any) -> None:
    world.ingest(READING)
    world.ingest({**READING, "event_id": "e-2"})
    world.ingest({**READING, "sensor_data": {"temperature": 26}})
    assert sorted(row["event_id"] for row in world.rows("RAW_SENSOR_DATA")) == ["e-1", "e-1", "e-2"]


@pytest.mark.parametrize("left_out", [(), ("event_id",), ("timestamp",), ("event_id", "timestamp")])
def test_a_retry_is_the_same_event(world: Any, left_out: tuple[str, ...]) -> None:
    reading = {name: value for name, value in READING.items() if name not in left_out}
    first = world.ingest(reading)
    world.clock.pass_seconds(3600)
    again = world.restarted().ingest(reading)
    assert again.body == first.body
    assert len(world.rows("RAW_SENSOR_DATA")) == 1
    world.deliver()
    assert len(world.rows("PROCESSED_DATA")) == 1


def test_without_time_and_id_the_same_is_another_event_after_the_retry_window(world: Any) -> None:
    reading = {"device_id": "d", "sensor_data": {"temperature": 20}}
    first = world.ingest(reading)
    world.clock.pass_seconds(86_401)
    later = world.ingest(reading)
    assert later.body["timestamp"] == first.body["timestamp"] + 86_401_000
    assert len(world.rows("RAW_SENSOR_DATA")) == 2


def test_with_an_id_the_same_is_the_same_event_for_ever(world: Any) -> None:
    reading = {"device_id": "d", "event_id": "e", "sensor_data": {"temperature": 20}}
    first = world.ingest(reading)
    world.clock.pass_seconds(10**7)
    assert world.ingest(reading).body == first.body


def test_the_same_reading_twice_in_a_batch_is_stored_once(world: Any) -> None:
    untimed = {"device_id": "d", "sensor_data": {"temperature": 20}}
    assert world.ingest({"readings": [READING, untimed, READING, untimed]}).body["accepted"] == 4
    assert len(world.rows("RAW_SENSOR_DATA")) == 2
    [message] = world.drain()
    assert len(json.loads(message["Body"])["readings"]) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (None, 400, "no_body"),
        ("", 400, "no_body"),
        ("{", 400, "invalid_json"),
        ("[" * 50_000, 400, "invalid_json"),
        ('{"device_id": "d", "sensor_data": {"t": NaN}}', 400, "invalid_json"),
        ("[]", 400, "invalid_request"),
        ("7", 400, "invalid_request"),
        ('"text"', 400, "invalid_request"),
        ("null", 400, "invalid_request"),
        ('{"readings": []}', 400, "invalid_request"),
        ('{"readings": {}}', 400, "invalid_request"),
        (json.dumps({**READING, "readings": [READING]}), 400, "invalid_request"),
        (json.dumps({"event_id": "e", "readings": [READING]}), 400, "invalid_request"),
        (f'{{"readings": [], "readings": [{json.dumps(READING)}]}}', 400, "invalid_json"),
        ('{"device_id": "d", "sensor_data": {"t": 1, "t": 2}}', 400, "invalid_json"),
        ("{}", 400, "invalid_reading"),
        ('{"device_id": 123, "sensor_data": {"t": 1}}', 400, "invalid_reading"),
        ('{"device_id": "d", "sensor_data": {"t": {"deep": 1}}}', 400, "invalid_reading"),
        ('{"device_id": "d", "sensor_data": {"t": 1}, "timestamp": 1700009999999}', 400, "invalid_reading"),
        (json.dumps({"readings": [{}] * 1001}), 413, "too_many_readings"),
        ('"' + "x" * 6_000_000 + '"', 413, "body_too_large"),
        ('"' + "é" * 3_000_000 + '"', 413, "body_too_large"),
    ],
)
def test_answers_what_the_client_can_mend(world: Any, body: str | None, status: int, code: str) -> None:
    response = world.ingest(body)
    assert response.status == status
    assert response.body["error"]["code"] == code
    assert response.body["error"]["message"]
    assert isinstance(response.body["error"]["details"], list)
    assert world.all_rows("RAW_SENSOR_DATA") == []


def test_a_reading_that_is_a_batch_too_is_told_what_to_send(world: Any) -> None:
    response = world.ingest({"device_id": "d", "sensor_data": {"t": 1}, "readings": [READING]})
    reason = "device_id and sensor_data must not stand beside readings: send a reading or a batch"
    assert response.body["error"]["message"] == reason
    assert response.body["error"]["details"] == [{"field": "device_id", "reason": reason}]


def test_a_batch_within_a_batch_is_rejected(world: Any) -> None:
    response = world.ingest({"readings": [READING, {"readings": [READING]}, {**READING, "readings": []}]})
    error = "a reading must not hold readings"
    assert response.body["rejected"] == [{"index": 1, "error": error}, {"index": 2, "error": error}]


@pytest.mark.parametrize("changes", HALVES)
def test_half_a_surrogate_pair_is_refused_alone(world: Any, changes: dict[str, Any]) -> None:
    bad = {**READING, **changes}
    assert world.ingest(bad).status == 400
    response = world.ingest({"readings": [READING, bad]})
    assert response.body["accepted"] == 1
    assert [rejection["index"] for rejection in response.body["rejected"]] == [1]
    assert world.deliver() == []


def test_a_byte_order_mark_in_front_is_no_part_of_the_body(world: Any) -> None:
    assert world.ingest("\ufeff" + json.dumps(READING)).status == 200


def test_an_event_that_is_no_request_is_an_error(world: Any, load_event: Any) -> None:
    others: list[Any] = [load_event("sqs.json"), load_event("s3_test.json"), {}]
    for event in others:
        with pytest.raises(ValueError, match="the event is not of API Gateway"):
            ingest(event, world.clock.context(), world.services)


def test_names_the_field(world: Any) -> None:
    response = world.ingest({"device_id": 123, "sensor_data": {"t": 1}})
    assert response.body["error"]["details"] == [{"field": "device_id", "reason": "device_id must be string"}]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (base64.b64encode(json.dumps(READING).encode()).decode(), 200),
        (base64.b64encode(b'{"device_id": "\xff"}').decode(), 400),
        ("not base64!", 400),
        (base64.b64encode(b"x" * 5_242_881).decode(), 413),
    ],
)
def test_reads_base64(world: Any, load_event: Any, body: str, status: int) -> None:
    event = {**load_event("api_proxy.json"), "body": body, "isBase64Encoded": True}
    assert ingest(event, world.clock.context(), world.services)["statusCode"] == status


def test_flags_a_wrong_clock_where_the_configuration_says_so(world: Any) -> None:
    world = world.configure(clock={"beyond": "flag"})
    assert world.ingest({**READING, "timestamp": 1_900_000_000_000}).status == 200
    assert world.rows("RAW_SENSOR_DATA")[0]["clock_skew"] is True
    world.deliver()
    assert world.rows("PROCESSED_DATA")[0]["clock_skew"] is True


def test_unprocessed_items_are_written_by_another_attempt(world: Any) -> None:
    faulty = world.with_faults(call_1="part", call_2="throttle", call_3="lost", call_4="part")
    assert faulty.ingest({"readings": readings(10)}).status == 200
    assert len(world.rows("RAW_SENSOR_DATA")) == 10
    assert world.clock.slept


def test_a_table_that_stays_throttled_is_answered_503(world: Any) -> None:
    faulty = world.with_faults(**{f"call_{n}": "throttle" for n in range(1, 200)})
    response = faulty.ingest({"readings": readings(3)})
    assert response.status == 503
    assert response.headers["Retry-After"] == "2"
    assert response.body["error"]["code"] == "busy"
    assert sum(world.clock.slept) < 18.5
    assert world.drain() == []


@pytest.mark.parametrize("fault", ["throttle", "part"])
def test_messages_that_sqs_did_not_take_are_sent_again(world: Any, fault: str) -> None:
    large = readings(8, sensor_data={f"s{n}": "x" * 1000 for n in range(60)})
    first_send = 2
    faulty = world.with_faults(**{f"call_{first_send}": fault, f"call_{first_send + 2}": fault})
    assert faulty.ingest({"readings": large}).status == 200
    sent = [reading for message in world.drain() for reading in json.loads(message["Body"])["readings"]]
    assert {reading["event_id"] for reading in sent} == {f"e-{n}" for n in range(8)}


def test_the_same_request_repairs_a_crash_between_store_and_queue(world: Any, crash: Any) -> None:
    with pytest.raises(crash):
        world.with_faults(call_2="crash").ingest({"readings": readings(5)})
    assert len(world.rows("RAW_SENSOR_DATA")) == 5
    assert world.drain() == []
    assert world.ingest({"readings": readings(5)}).status == 200
    assert world.deliver() == []
    assert len(world.rows("RAW_SENSOR_DATA")) == len(world.rows("PROCESSED_DATA")) == 5


def test_a_fault_of_ours_is_a_500_that_the_log_explains(world: Any) -> None:
    del world.environment["QUEUE_IOT_INGESTION"]
    response = world.ingest(READING)
    assert (response.status, response.body["error"]["code"]) == (500, "internal")
    [line] = world.log_lines()
    assert line["level"] == "ERROR"
    assert line["faults"][0]["type"] == "KeyError"
    assert line["ProcessingErrors"] == [1.0]


def test_leaves_one_line_with_counts_metrics_and_trace(world: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-6553f1a0-0123456789abcdef01234567;Parent=0;Sampled=0")
    world.ingest({"readings": [*readings(2), {}]})
    [line] = world.log_lines()
    assert line["counts"] == {"accepted": 2, "rejected": 1}
    assert line["xray_trace_id"] == "1-6553f1a0-0123456789abcdef01234567"
    assert line["service"] == "service-under-test"
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "iot-pipeline-test"
    assert directive["Dimensions"] == [["service"]]
    assert line["ReadingsAccepted"] == [2.0]


def test_the_log_names_readings_by_device_and_event_and_holds_no_value_of_a_sensor(world: Any) -> None:
    good = {**READING, "event_id": "e-1", "sensor_data": {"temperature": 77.125}}
    bad = {**good, "event_id": "e-2", "sensor_data": {"temperature": "88.125"}}
    world.ingest({"readings": [good, good, bad, {"sensor_data": 99.125}]})
    [line] = world.log_lines()
    assert line["readings"] == {good["device_id"]: ["e-1"]}
    assert line["rejected_readings"] == {good["device_id"]: ["e-2"]}
    assert line["rejected_readings_unnamed"] == 1
    assert ".125" not in json.dumps(line)


def test_the_log_names_the_request_as_the_access_log_of_the_api_does(world: Any) -> None:
    world.ingest(READING)
    [line] = world.log_lines()
    assert line["api_request_id"] == "b1d3f2a0-0000-4000-8000-000000000000"
