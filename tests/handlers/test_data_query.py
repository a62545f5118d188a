import json
from typing import Any

import pytest

DAY = 86_400_000
START = 1_705_276_800_000  # 2024-01-15T00:00:00Z
READING: dict[str, Any] = {"device_id": "device-123", "sensor_data": {"temperature": 25.5, "humidity": 60}}


def filled(world: Any) -> Any:
    """Nine readings, one each eight hours from 2024-01-15 on, in both tables; and one of another device."""
    world.clock.time = START + 4 * DAY
    readings = [{**READING, "timestamp": START + n * DAY // 3, "event_id": f"e-{n}"} for n in range(9)]
    other = {**READING, "device_id": "device-124", "timestamp": START, "event_id": "other"}
    assert world.ingest({"readings": [*readings, other]}).status == 200
    assert world.deliver() == []
    return world


@pytest.fixture(scope="module")
def stored(make_world: Any) -> Any:
    """A filled world, for all tests that only read it."""
    return filled(make_world())


def ids(response: Any) -> list[str]:
    assert response.status == 200, response.text
    assert response.body["count"] == len(response.body["items"])
    return [item["event_id"] for item in response.body["items"]]


@pytest.mark.parametrize("table", ["raw", "processed"])
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "876543210"),
        ({"event_date": "2024-01-15"}, "210"),
        ({"event_date": "2024-01-16T0"}, "43"),
        ({"event_date": "2024-01-16T08:00:00.000Z"}, "4"),
        ({"event_date": "2024-01-16T08:00:00.000Z#e-4"}, "4"),
        ({"event_date": "2024-01-16T08:00:00.000Z#e-5"}, ""),
        ({"event_date": "2025-01-01"}, ""),
        ({"from": "2024-01-17"}, "876"),
        ({"to": "2024-01-15"}, "210"),
        ({"from": "2024-01-15T08:00:00Z", "to": "2024-01-15T16:00:00Z"}, "21"),
        ({"from": str(START), "to": str(START)}, "0"),
        ({"event_date": "2024-01-16 0"}, "43"),
        ({"event_date": "2024-01-16 08:00:00Z#e-4"}, "4"),
        ({"from": "2024-01-15 08:00:00 01:00", "to": "2024-01-15 16:00:00,0+0000"}, "21"),
        ({"from": "2024-01-16T00:00:00 01:00", "to": "2024-01-16T00:00:00+00:00"}, "3"),
        ({"event_date": "2024-01-16", "from": "2024-01-16T01:00"}, "54"),
        ({"from": "2024-01-17", "to": "2024-01-15"}, ""),
    ],
)
def test_selects_newest_first(stored: Any, table: str, parameters: dict[str, str], expected: str) -> None:
    response = stored.query(device_id="device-123", table=table, **parameters)
    assert ids(response) == [f"e-{n}" for n in expected]
    assert response.body["next"] is None


def test_numbers_are_numbers(stored: Any) -> None:
    [item] = stored.query(device_id="device-124").body["items"]
    assert item["temperature"] == item["temperature_celsius"] == 25.5
    assert item["temperature_fahrenheit"] == 77.9
    assert item["timestamp"] == START
    assert item["event_date"].startswith("2024-01-15")
    assert item["status"] == "processed"


def test_raw_items_are_the_readings_as_they_came(world: Any) -> None:
    body = {
        "device_id": "d",
        "timestamp": 1_700_000_000_000,
        "sensor_data": {"t": 1.5},
        "fw": {"v": [1.5, "x"]},
    }
    event_id = world.ingest(body).body["event_id"]
    assert world.query(device_id="d", table="raw").body["items"] == [
        {
            "device_id": "d",
            "timestamp": 1_700_000_000_000,
            "sensor_data": {"t": 1.5},
            "event_id": event_id,
            "received_at": world.clock.now(),
            "extra": {"fw": {"v": [1.5, "x"]}},
        }
    ]


def test_exact_numbers_come_back_exactly(world: Any) -> None:
    number = "0.1234567890123456789012345678901234567"
    world.ingest(f'{{"device_id": "d", "sensor_data": {{"t": {number}}}}}')
    assert f'"t":{number}' in world.query(device_id="d", table="raw").text


@pytest.mark.parametrize("table", ["raw", "processed"])
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 8, 9, 10])
def test_pages_hold_each_item_once_and_the_last_says_so(stored: Any, table: str, limit: int) -> None:
    token: dict[str, str] = {}
    seen, pages = [], 0
    while True:
        response = stored.query(device_id="device-123", table=table, limit=str(limit), **token)
        seen += ids(response)
        pages += 1
        if response.body["next"] is None:
            break
        token = {"next": response.body["next"]}
    assert seen == [f"e-{n}" for n in reversed(range(9))]
    assert pages == -(-9 // limit)


def test_an_item_more_during_paging_moves_nothing(world: Any) -> None:
    stored = filled(world)
    first = stored.query(device_id="device-123", limit="4")
    stored.process({**READING, "timestamp": START + 3 * DAY, "event_id": "newer"})
    second = stored.query(device_id="device-123", limit="5", next=first.body["next"])
    assert ids(first) + ids(second) == [f"e-{n}" for n in reversed(range(9))]


def test_a_page_ends_where_dynamodb_stops_at_a_megabyte(world: Any) -> None:
    world.clock.time = START
    values = {f"s{n}": "x" * 1000 for n in range(60)}
    for n in range(20):
        world.ingest({"device_id": "d", "timestamp": START - n, "sensor_data": values})
    first = world.query(device_id="d", table="raw")
    assert 0 < first.body["count"] < 20
    rest = world.query(device_id="d", table="raw", next=first.body["next"])
    assert first.body["count"] + rest.body["count"] == 20
    assert rest.body["next"] is None


def test_a_page_ends_before_it_is_more_than_lambda_takes(world: Any) -> None:
    world.clock.time = START
    # Of a byte in the table such a character makes seven of the answer.
    values = {f"s{n}": "\x01" * 1000 for n in range(10)}
    batch = [{"device_id": "d", "timestamp": START - n, "sensor_data": values} for n in range(90)]
    for part in (batch[:45], batch[45:]):
        assert world.ingest({"readings": part}).body["accepted"] == 45
    first = world.query(device_id="d", table="raw")
    assert 0 < first.body["count"] < 90
    assert len(json.dumps({"body": first.text})) < 6_291_556
    rest = world.query(device_id="d", table="raw", next=first.body["next"])
    assert first.body["count"] + rest.body["count"] == 90
    times = [item["timestamp"] for item in first.body["items"] + rest.body["items"]]
    assert times == [START - n for n in range(90)]


def test_a_token_is_good_only_for_its_own_query(stored: Any) -> None:
    token = stored.query(device_id="device-123", limit="2").body["next"]
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for parameters in (
        {"device_id": "device-123", "next": changed},
        {"device_id": "device-123", "next": token[:-2]},
        {"device_id": "device-123", "next": "§"},
        {"device_id": "device-124", "next": token},
        {"device_id": "device-123", "table": "raw", "next": token},
        {"device_id": "device-123", "event_date": "2024-01-15", "next": token},
    ):
        response = stored.query(**parameters)
        assert (response.status, response.body["error"]["code"]) == (400, "invalid_token")


def test_without_a_query_string_it_says_what_is_required(world: Any) -> None:
    response = world.query()
    assert response.status == 400
    assert [detail["field"] for detail in response.body["error"]["details"]] == ["device_id"]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"device_id": ""}, "device_id"),
        ({"device_id": "alert#device-123"}, "device_id"),
        ({"device_id": "d" * 129}, "device_id"),
        ({"table": "users"}, "table"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"limit": "007"}, "limit"),
        ({"limit": "0" * 5000 + "1"}, "limit"),
        ({"device_id": "d\ud800"}, "device_id"),
        ({"event_date": "2024-01-15T08:00:00Z#\ud800"}, "event_date"),
        ({"event_date": "2024-01-15T08:00:00Z#" + "e" * 161}, "event_date"),
        ({"limit": "1e2"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"event_date": "2024-01"}, "event_date"),
        ({"event_date": "2024-01-15#e-1"}, "event_date"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2024-13-01"}, "to"),
        ({"evnt_date": "2024-01-15"}, "evnt_date"),
    ],
)
def test_names_a_faulty_parameter(world: Any, parameters: dict[str, str], field: str) -> None:
    response = world.query(**{"device_id": "device-123", **parameters})
    assert (response.status, response.body["error"]["code"]) == (400, "invalid_parameters")
    assert [detail["field"] for detail in response.body["error"]["details"]] == [field]


def test_state_of_the_handlers_is_never_shown(world: Any) -> None:
    world.process({"device_id": "d", "sensor_data": {"temperature": 99}})
    world.ingest({"device_id": "d", "sensor_data": {"temperature": 99}})
    assert (
        len(world.all_rows("PROCESSED_DATA")) == 4
    )  # the row, its arrival, the alert, and whose turn it was to notify
    for table in ("raw", "processed"):
        assert world.query(device_id="d", table=table).body["count"] == 1


@pytest.mark.parametrize("table", ["raw", "processed"])
def test_readings_whose_time_is_over_are_not_shown(world: Any, table: str) -> None:
    world.clock.time = START
    world = world.configure(retention_days=7)
    for n in range(3):
        world.ingest({**READING, "event_id": f"e-{n}", "timestamp": START - n})
        world.deliver()
        world.clock.pass_seconds(86_400)
    newest_first = world.query(device_id="device-123", table=table, limit="2")
    assert ids(newest_first) == ["e-0", "e-1"]
    assert "expires_at" not in newest_first.text
    world.clock.pass_seconds(5 * 86_400 - 1)  # eight days after the first was stored, seven after the second
    first = world.query(device_id="device-123", table=table, limit="2")
    assert ids(first) == ["e-1"]
    assert ids(world.query(device_id="device-123", table=table, limit="2", next=first.body["next"])) == [
        "e-2"
    ]
    assert len(world.rows("RAW_SENSOR_DATA")) == 3


def test_is_answered_503_when_the_table_is_throttled(world: Any) -> None:
    response = world.with_faults(call_1="throttle").query(device_id="d")
    assert (response.status, response.headers["Retry-After"]) == (503, "2")


def test_the_default_page_is_configured(world: Any) -> None:
    assert len(ids(filled(world).configure(limits={"page": 3}).query(device_id="device-123"))) == 3


def test_answers_in_ascii(world: Any) -> None:
    world.process({"device_id": "küche", "sensor_data": {"note": "10 °C"}})
    response = world.query(device_id="küche")
    assert response.text.isascii()
    assert json.loads(response.text)["items"][0]["note"] == "10 °C"
