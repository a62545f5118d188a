import json
from typing import Any

import pytest
from data_processor.handler import process

READING: dict[str, Any] = {
    "device_id": "device-123",
    "timestamp": 1_700_000_000_000,
    "event_id": "e-1",
    "sensor_data": {"temperature": 25.5, "humidity": 60},
}


BOTH = json.dumps({**READING, "readings": [READING]})
TWICE = f'{{"readings": [], "readings": [{json.dumps(READING)}]}}'


def message(*readings: Any) -> str:
    return json.dumps({"readings": readings})


def test_transforms_what_comes_through_the_queue(world: Any) -> None:
    world.ingest(READING)
    world.clock.pass_seconds(90)
    assert world.deliver() == []
    [row] = world.rows("PROCESSED_DATA")
    assert row.pop("event_date").startswith("2023-11-14T22:13:20.000Z#e-1#")
    assert {name: str(value) for name, value in row.items()} == {
        "device_id": "device-123",
        "timestamp": "1700000000000",
        "event_id": "e-1",
        "temperature": "25.5",
        "temperature_celsius": "25.5",
        "temperature_fahrenheit": "77.9",
        "humidity": "60",
        "received_at": "1700000100000",
        "processed_at": "2023-11-14T22:16:30.000Z",
        "status": "processed",
    }


def test_processes_the_body_of_a_request(world: Any) -> None:
    response = world.process(READING)
    assert response.status == 200
    assert response.body["count"] == 1
    [item] = response.body["items"]
    assert item["temperature_fahrenheit"] == 77.9
    assert item["timestamp"] == 1_700_000_000_000
    assert [row["event_date"] for row in world.rows("PROCESSED_DATA")] == [item["event_date"]]


def test_rows_expire_counted_from_when_they_were_stored(world: Any) -> None:
    world = world.configure(retention_days=400)
    late = {**READING, "timestamp": 1_000_000_000_000}
    [item] = world.process(late).body["items"]
    assert "expires_at" not in item
    world.ingest({**late, "event_id": "e-2"})
    world.clock.pass_seconds(90)
    world.deliver()
    days = 400 * 86_400
    assert {str(row["expires_at"]) for row in world.rows("RAW_SENSOR_DATA")} == {str(1_700_000_100 + days)}
    assert sorted(row["expires_at"] for row in world.rows("PROCESSED_DATA")) == [
        1_700_000_100 + days,
        1_700_000_190 + days,
    ]


def test_both_ways_lead_to_the_same_row(world: Any) -> None:
    world.process(READING)
    world.ingest(READING)
    world.deliver()
    assert len(world.rows("PROCESSED_DATA")) == 1


@pytest.mark.parametrize("named", [{}, {"event_id": "e"}])
def test_both_ways_lead_to_the_same_row_without_a_time_too(world: Any, named: dict[str, str]) -> None:
    reading = {"device_id": "d", "sensor_data": {"temperature": 20}, **named}
    for first, second in ((world.ingest, world.process), (world.process, world.ingest)):
        first(reading)
        world.clock.pass_seconds(60)
        second(reading)
        world.deliver()
        assert len(world.rows("PROCESSED_DATA")) == len(world.rows("RAW_SENSOR_DATA")) == 1
        world.clock.pass_seconds(60)


@pytest.mark.parametrize("named", [{"timestamp": 1_700_000_000_000}, {}])
def test_an_answer_that_lambda_would_not_take_is_refused_before_anything_is_stored(
    world: Any, named: dict[str, Any]
) -> None:
    sensors = {f"s{n}": "é" * 1000 for n in range(10)}
    readings = [{"device_id": f"d-{n}", "sensor_data": sensors, **named} for n in range(100)]

    def send(count: int) -> Any:
        return world.process(json.dumps({"readings": readings[:count]}, ensure_ascii=False))

    response = send(100)
    assert (response.status, response.body["error"]["code"]) == (413, "answer_too_large")
    assert world.all_rows("PROCESSED_DATA") == []
    fitting = send(80)
    assert fitting.body["count"] == 80
    assert len(json.dumps({"body": fitting.text})) < 6_291_556


def test_a_batch_in_a_request_names_what_it_rejects(world: Any) -> None:
    response = world.process({"readings": [READING, {"device_id": 7}]})
    assert response.body["count"] == 1
    assert response.body["rejected"] == [{"index": 1, "error": "a reading must have sensor_data"}]


@pytest.mark.parametrize("body", [None, "[]", "{", {"device_id": 1}, '{"Records": []}'])
def test_a_bad_request_is_answered_400(world: Any, body: Any) -> None:
    assert world.process(body).status == 400


def test_a_retried_request_without_a_time_is_the_same_event(world: Any) -> None:
    reading = {"device_id": "d", "sensor_data": {"temperature": 20}}
    first = world.process(reading).body["items"][0]["event_date"]
    world.clock.pass_seconds(60)
    assert world.process(reading).body["items"][0]["event_date"] == first
    assert len(world.rows("PROCESSED_DATA")) == 1


@pytest.mark.parametrize(
    ("celsius", "fahrenheit"),
    [(0, "32"), (25, "77"), (-40, "-40"), (36.6, "97.88"), (100, "212"), (0.1, "32.18")],
)
def test_converts_exactly(world: Any, celsius: float, fahrenheit: str) -> None:
    world.process({**READING, "sensor_data": {"temperature": celsius}})
    assert f"{world.rows('PROCESSED_DATA')[0]['temperature_fahrenheit']:f}" == fahrenheit


def test_stores_the_longest_and_the_largest_numbers(world: Any) -> None:
    texts = ["1." + "3" * 37, "9.9e120", "1e-120", "-" + "9" * 38]
    for number, text in enumerate(texts):
        body = f'{{"device_id": "d-{number}", "sensor_data": {{"temperature": {text}}}}}'
        assert world.process(body).status == 200


def test_without_a_temperature_there_is_none(world: Any) -> None:
    world.process({**READING, "sensor_data": {"humidity": 40}})
    assert not [name for name in world.rows("PROCESSED_DATA")[0] if name.startswith("temperature")]


def test_a_late_redelivery_lands_under_its_own_date_and_overwrites_nothing(world: Any) -> None:
    days = [
        {**READING, "event_id": f"e-{n}", "timestamp": 1_700_000_000_000 - n * 86_400_000} for n in range(3)
    ]
    for reading in [days[0], days[2], days[1], days[2]]:
        assert world.consume(message(reading)) == []
    dates = sorted(row["event_date"][:10] for row in world.rows("PROCESSED_DATA"))
    assert dates == ["2023-11-12", "2023-11-13", "2023-11-14"]


def test_messages_made_by_hand_are_taken(world: Any) -> None:
    assert world.consume(json.dumps(READING), message({**READING, "event_id": "e-2"})) == []
    assert len(world.rows("PROCESSED_DATA")) == 2


def test_a_message_without_a_time_that_was_a_dead_letter_is_the_same_event(
    world: Any, load_event: Any
) -> None:
    event = load_event("sqs.json")
    [record] = event["Records"]
    record["body"] = message({"device_id": "d", "sensor_data": {"temperature": 20}})
    process(event, world.clock.context(), world.services)
    # A redrive makes a new message of it.
    record |= {
        "messageId": "another",
        "attributes": {**record["attributes"], "SentTimestamp": "1700000400000"},
    }
    process(event, world.clock.context(), world.services)
    rows = [row for row in world.rows("PROCESSED_DATA") if row["device_id"] == "d"]
    assert len(rows) == 1


def test_a_message_without_a_time_gets_the_time_at_which_it_was_sent(world: Any, load_event: Any) -> None:
    sent_at = load_event("sqs.json")["Records"][0]["attributes"]["SentTimestamp"]
    body = message({"device_id": "d", "sensor_data": {"temperature": 1}})
    for _ in range(2):
        assert world.consume(body) == []
        world.clock.pass_seconds(500)
    assert [str(row["timestamp"]) for row in world.rows("PROCESSED_DATA")] == [sent_at]


@pytest.mark.parametrize(
    "changes",
    [
        {"device_id": "d\ud800"},
        {"event_id": "\udfff"},
        {"sensor_data": {"note": "\ud83d"}},
        {"sensor_data": {"note\ud83d": 1}},
    ],
)
@pytest.mark.parametrize("written", [{}, {"digest": "d" * 22, "received_at": 1_700_000_000_000}])
def test_half_a_surrogate_pair_fails_no_neighbour(world: Any, changes: Any, written: Any) -> None:
    bodies = [message({**READING, "event_id": f"e-{n}"}) for n in range(3)]
    assert world.consume(*bodies, message({**READING, **written, **changes})) == []
    assert len(world.rows("PROCESSED_DATA")) == 3
    [letter] = world.dead_letters()
    assert letter["MessageAttributes"]["reason"]["StringValue"]


@pytest.mark.parametrize(
    "body", ["no JSON", "[]", "7", '{"readings": []}', '{"readings": 7}', "[" * 5000, BOTH, TWICE]
)
def test_a_message_that_holds_no_readings_is_a_dead_letter_with_the_reason(world: Any, body: str) -> None:
    assert world.consume(message(READING), body) == []
    assert len(world.rows("PROCESSED_DATA")) == 1
    assert world.log_lines()[-1]["ProcessingErrors"] == [1.0]
    [letter] = world.dead_letters()
    assert letter["Body"] == body
    attributes = letter["MessageAttributes"]
    assert attributes["source_message_id"]["StringValue"] == "m-1"
    assert len(attributes["reason"]["StringValue"]) > 10


def test_an_unreadable_message_is_counted_in_bytes(world: Any) -> None:
    bodies = ["é" * 100_000 for _ in range(3)]
    assert world.consume(*bodies) == []
    assert [letter["Body"] for letter in world.dead_letters()] == bodies


def test_a_bad_reading_goes_to_the_dead_letter_queue_alone_and_with_the_reason(world: Any) -> None:
    bad = {"device_id": "device-9", "sensor_data": {}}
    assert world.consume(message(READING, bad, {**READING, "event_id": "e-2"})) == []
    assert len(world.rows("PROCESSED_DATA")) == 2
    [letter] = world.dead_letters()
    assert json.loads(letter["Body"]) == bad
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes == {
        "reason": "sensor_data must contain at least 1 properties",
        "source_message_id": "m-0",
    }
    assert world.log_lines()[-1]["ProcessingErrors"] == [1.0]


def test_a_dead_letter_can_be_redriven_once_it_is_mended(world: Any) -> None:
    world.consume(message({**READING, "sensor_data": {}}))
    [letter] = world.dead_letters()
    mended = {**json.loads(letter["Body"]), "sensor_data": {"temperature": 1}}
    assert world.consume(json.dumps(mended)) == []
    assert len(world.rows("PROCESSED_DATA")) == 1


def test_a_message_comes_back_when_the_dead_letter_queue_does_not_take_its_bad_reading(world: Any) -> None:
    class Refusing:
        def send_message_batch(self, **_: Any) -> Any:
            failed = [{"Id": "0", "SenderFault": True, "Code": "InvalidMessageContents"}]
            return {"Successful": [], "Failed": failed}

    refusing = world.with_client("sqs", Refusing())
    assert refusing.consume(message(READING, {}), message({**READING, "event_id": "e-2"})) == ["m-0"]
    assert len(world.rows("PROCESSED_DATA")) == 2
    assert world.dead_letters() == []


def test_reports_exactly_the_messages_whose_readings_are_not_stored(world: Any, error: Any) -> None:
    class Choosy:
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            if "e-3" in json.dumps(RequestItems):
                raise error("ValidationException")
            return world.clients["dynamodb"].batch_write_item(RequestItems=RequestItems)

    choosy = world.with_client("dynamodb", Choosy())
    bodies = [message({**READING, "event_id": f"e-{n}"}) for n in range(6)]
    assert choosy.consume(*bodies) == ["m-3"]
    assert len(world.rows("PROCESSED_DATA")) == 5


def test_reports_all_messages_when_nothing_can_be_stored(world: Any, error: Any) -> None:
    class Denying:
        def batch_write_item(self, **_: Any) -> Any:
            raise error("AccessDeniedException")

    denying = world.with_client("dynamodb", Denying())
    assert denying.consume(message(READING), message({**READING, "event_id": "e-2"})) == ["m-0", "m-1"]
    assert world.log_lines()[-1]["faults"][0]["code"] == "AccessDeniedException"


def test_gives_back_what_it_has_no_time_for(world: Any) -> None:
    assert world.consume(message(READING), seconds=1) == ["m-0"]
    assert world.rows("PROCESSED_DATA") == []
    assert world.log_lines()[-1]["counts"]["postponed"] == 1


def test_takes_first_what_came_back_most_often(world: Any, load_event: Any) -> None:
    [record] = load_event("sqs.json")["Records"]

    def made(number: int, receives: int) -> dict[str, Any]:
        readings = [{**READING, "event_id": f"{number}-{n}"} for n in range(500)]
        attributes = {**record["attributes"], "ApproximateReceiveCount": str(receives)}
        return {**record, "messageId": f"m-{number}", "body": message(*readings), "attributes": attributes}

    class Slow:
        def batch_write_item(self, **arguments: Any) -> Any:
            world.clock.pass_seconds(0.5)
            return world.clients["dynamodb"].batch_write_item(**arguments)

    event = {"Records": [made(0, 1), made(1, 4)]}
    slow = world.with_client("dynamodb", Slow())
    answer = process(event, world.clock.context(12), slow.behind)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}


def test_one_message_that_breaks_the_code_does_not_hold_up_the_others(world: Any) -> None:
    class Breaking:
        def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
            if "x-1" in json.dumps(RequestItems):
                raise RuntimeError("a fault that nobody thought of")
            return world.clients["dynamodb"].batch_write_item(RequestItems=RequestItems)

    breaking = world.with_client("dynamodb", Breaking())
    bodies = [message({**READING, "event_id": f"x-{n}"}) for n in range(4)]
    assert breaking.consume(*bodies) == ["m-1"]
    assert len(world.rows("PROCESSED_DATA")) == 3


def test_a_reading_accepted_before_is_not_refused_for_its_clock(world: Any) -> None:
    world.configure(clock={"beyond": "flag"}).ingest({**READING, "timestamp": 1_900_000_000_000})
    strict = world.configure(clock={"beyond": "refuse"})
    assert strict.deliver() == []
    assert world.rows("PROCESSED_DATA")[0]["clock_skew"] is True


def test_a_crossing_notifies_once_with_device_value_limit_and_time(world: Any) -> None:
    hot = {**READING, "sensor_data": {"temperature": 80.5}}
    world.ingest(hot)
    body = world.drain()[0]["Body"]
    assert world.consume(body) == []
    assert world.restarted().consume(body) == []
    assert world.notifications() == [
        {
            "device_id": "device-123",
            "sensor": "temperature",
            "value": 80.5,
            "bound": "max",
            "limit": 80,
            "time": "2023-11-14T22:13:20.000Z",
            "event_id": "e-1",
        }
    ]


def storm(number: int, first: int = 0) -> list[Any]:
    return [
        {**READING, "device_id": f"device-{n}", "sensor_data": {"temperature": 90}}
        for n in range(first, first + number)
    ]


def test_a_storm_is_stored_first_and_told_once(world: Any) -> None:
    calls: list[str] = []
    bodies = [message(*storm(300, first)) for first in (0, 300, 600)]
    assert world.with_faults(calls).consume(*bodies) == []
    [notification] = world.notifications()
    assert notification["devices"] == 900
    assert notification["listed"]["table"] == world.environment["TABLE_PROCESSED_DATA"]
    # The last write is the list.
    assert calls == ["get_parameter", *["batch_write_item"] * (36 + 1), "put_item", "publish"]
    assert len(world.rows("PROCESSED_DATA")) == 900


def test_storing_leaves_time_for_alerts(world: Any) -> None:
    class Slow:
        def batch_write_item(self, **arguments: Any) -> Any:
            world.clock.pass_seconds(0.5)
            return world.clients["dynamodb"].batch_write_item(**arguments)

        def put_item(self, **arguments: Any) -> Any:
            return world.clients["dynamodb"].put_item(**arguments)

    bodies = [message(*storm(500, first)) for first in (0, 500)]
    assert world.with_client("dynamodb", Slow()).consume(*bodies, seconds=16) == ["m-1"]
    [notification] = world.notifications()
    assert notification["devices"] >= 500


def test_a_storm_that_nobody_could_be_notified_of_brings_one_message_back(world: Any, error: Any) -> None:
    class Silent:
        def publish(self, **_: Any) -> Any:
            raise error("ThrottledException")

    bodies = [message(*storm(100, first)) for first in (200, 0, 100)]
    assert len(world.with_client("sns", Silent()).consume(*bodies)) == 1


def test_a_single_crossing_needs_no_topic_unless_there_is_one(world: Any) -> None:
    del world.environment["TOPIC_DEVICE_ALERTS"]
    assert world.consume(message(READING)) == []
    hot = message({**READING, "event_id": "hot", "sensor_data": {"temperature": 99}})
    assert world.consume(message({**READING, "event_id": "e-2"}), hot) == ["m-1"]
    assert len(world.rows("PROCESSED_DATA")) == 3


def test_without_thresholds_rows_are_stored_and_messages_come_back(world: Any) -> None:
    hot = {**READING, "sensor_data": {"temperature": 99}}
    first = world.with_faults(call_0="throttle")
    assert first.consume(message(hot), message({**READING, "event_id": "e-2"}, {})) == ["m-0", "m-1"]
    assert len(world.rows("PROCESSED_DATA")) == 2
    assert (world.notifications(), world.dead_letters()) == ([], [])
    world.clock.pass_seconds(125)
    assert first.consume(message(hot), message({**READING, "event_id": "e-2"}, {})) == []
    assert (len(world.notifications()), len(world.dead_letters())) == (1, 1)


def test_a_bad_configuration_in_a_new_container_is_no_configuration(world: Any) -> None:
    bad = world.configure(thhresholds={})
    assert bad.consume(message(READING)) == ["m-0"]
    response = bad.process({**READING, "event_id": "e-2"})
    assert (response.status, response.headers["Retry-After"]) == (503, "2")
    assert bad.ingest(READING).status == 200
    assert len(world.rows("PROCESSED_DATA")) == 2


def test_a_bad_configuration_leaves_the_last_good_one_in_force(world: Any) -> None:
    world.consume(message(READING))
    name = world.environment["PARAMETER_CONFIG"]
    world.clients["ssm"].put_parameter(Name=name, Value="{", Type="String", Overwrite=True)
    world.clock.pass_seconds(61)
    hot = {**READING, "event_id": "hot", "sensor_data": {"temperature": 99}}
    assert world.consume(message(hot)) == []
    assert len(world.notifications()) == 1
    assert world.log_lines()[-1]["counts"]["config_errors"] == 1


def test_a_request_without_thresholds_is_stored_and_answered_503(world: Any) -> None:
    hot = {**READING, "sensor_data": {"temperature": 99}}
    response = world.with_faults(call_0="throttle").process(hot)
    assert (response.status, response.headers["Retry-After"]) == (503, "2")
    assert len(world.rows("PROCESSED_DATA")) == 1
    assert world.process(hot).status == 200
    assert len(world.notifications()) == 1


def test_a_duplicate_processed_at_the_same_time_does_not_notify_twice(world: Any) -> None:
    hot = message({**READING, "sensor_data": {"temperature": 99}})
    failed: list[list[str]] = []

    class Slow:
        def publish(self, **arguments: Any) -> Any:
            failed.append(world.restarted().consume(hot))
            return world.clients["sns"].publish(**arguments)

    assert world.with_client("sns", Slow()).consume(hot) == []
    assert failed == [["m-0"]]
    world.clock.pass_seconds(125)
    assert world.restarted().consume(hot) == []
    assert len(world.notifications()) == 1


def test_a_message_comes_back_when_its_notification_did_not_go_out(world: Any) -> None:
    class Silent:
        def publish(self, **_: Any) -> Any:
            from botocore.exceptions import EndpointConnectionError

            raise EndpointConnectionError(endpoint_url="https://sns.example")

    hot = message({**READING, "sensor_data": {"temperature": 99}})
    assert world.with_client("sns", Silent()).consume(hot, message(READING)) == ["m-0"]
    assert world.restarted().consume(hot) == []
    assert len(world.notifications()) == 1


def test_a_request_is_answered_503_when_its_notification_did_not_go_out(world: Any, error: Any) -> None:
    class Silent:
        def publish(self, **_: Any) -> Any:
            raise error("ThrottledException")

    hot = {**READING, "sensor_data": {"temperature": 99}}
    assert world.with_client("sns", Silent()).process(hot).status == 503
    assert world.process(hot).status == 200
    assert len(world.notifications()) == 1


def test_enriches_from_the_registry_and_survives_without(world: Any) -> None:
    asked: list[dict[str, str]] = []

    def get(url: str, headers: Any, _: float) -> tuple[int, bytes]:
        asked.append({"url": url, **headers})
        if "broken" in url:
            raise OSError("unreachable")
        return 200, b'{"location": "hall", "floor": 2, "tags": ["a"]}'

    parameter = world.environment["PARAMETER_API_KEY"]
    world.clients["ssm"].put_parameter(Name=parameter, Value="s3cret", Type="SecureString", Overwrite=True)
    world = world.configure(registry={"url": "https://registry.example/devices"})
    world.services.registry.get = get
    assert world.process({**READING, "device_id": "a/b"}).body["items"][0]["device"] == {
        "location": "hall",
        "floor": 2,
    }
    assert asked[0]["url"] == "https://registry.example/devices/a%2Fb"
    assert asked[0]["x-api-key"] == "s3cret"
    assert "device" not in world.process({**READING, "device_id": "broken"}).body["items"][0]
    assert world.log_lines()[-1]["RegistryErrors"] == [1.0]
    assert "s3cret" not in world.log.getvalue()


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"detail-type": "Scheduled Event"},
        {"Records": []},
        {"Records": [{"EventSource": "aws:sns", "Sns": {}}]},
        {"Records": [{"eventSource": "aws:s3", "s3": {}}]},
    ],
)
def test_an_event_of_neither_kind_is_an_error(world: Any, event: Any) -> None:
    with pytest.raises(ValueError, match=r"neither of SQS nor of API Gateway"):
        process(event, world.clock.context(), world.services)
    assert world.log_lines()[-1]["level"] == "ERROR"


def test_the_log_names_what_was_stored_what_was_rejected_and_what_was_notified_of(world: Any) -> None:
    hot = message({**READING, "event_id": "hot-1", "sensor_data": {"temperature": 150.0625}})
    world = world.configure(thresholds={"temperature": {"max": 80}})
    world.consume(hot, json.dumps({"device_id": "device-123", "event_id": "bad-1", "sensor_data": 7.0625}))
    line = world.log_lines()[-1]
    assert line["readings"] == line["notified"] == {"device-123": ["hot-1"]}
    assert line["rejected_readings"] == {"device-123": ["bad-1"]}
    assert ".0625" not in json.dumps(line)


def published(**changes: Any) -> str:
    """What a rule of AWS IoT hands on: a message of a device, without ingestion."""
    return json.dumps({"device_id": READING["device_id"], "sensor_data": READING["sensor_data"], **changes})


def test_without_ingestion_readings_are_stored_as_they_came_too(world: Any) -> None:
    assert world.consume_first(published(timestamp=1_700_000_000_000)) == []
    (raw,), (processed,) = world.rows("RAW_SENSOR_DATA"), world.rows("PROCESSED_DATA")
    assert raw["timestamp"].startswith("001700000000000#")
    assert raw["sensor_data"] == READING["sensor_data"]
    assert processed["event_id"] == raw["event_id"]
    assert processed["timestamp"] == 1_700_000_000_000


@pytest.mark.parametrize("changes", [{"timestamp": 1_700_000_000_000}, {"event_id": "e-9"}, {}])
def test_a_message_that_a_device_published_twice_is_one_event(world: Any, changes: dict[str, Any]) -> None:
    assert world.consume_first(published(**changes)) == []
    world.clock.pass_seconds(30)
    assert world.restarted().consume_first(published(**changes)) == []
    assert len(world.rows("RAW_SENSOR_DATA")) == 1
    assert len(world.rows("PROCESSED_DATA")) == 1


def test_a_message_whose_arrival_cannot_be_noted_comes_back_alone(world: Any, error: Any) -> None:
    class Failing:
        def put_item(self, **_: Any) -> Any:
            raise error("InternalServerError")

        def batch_write_item(self, **arguments: Any) -> Any:
            return world.clients["dynamodb"].batch_write_item(**arguments)

    timed = published(timestamp=1_700_000_000_000)
    assert world.with_client("dynamodb", Failing()).consume_first(timed, published(event_id="e-2")) == ["m-1"]
    assert len(world.rows("PROCESSED_DATA")) == 1
