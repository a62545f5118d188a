import json
from typing import Any

from readings import exact_json
from readings.storm import KEPT_SECONDS, PARTITION, rows
from readings.table import to_attributes
from readings.thresholds import Crossing

from tests.bench.meter import item_size

NOW = 1_700_000_000_000


def crossing(number: int, **changes: Any) -> Crossing:
    made: dict[str, Any] = {
        "device_id": f"device-{number}",
        "sort_key": f"{number:015d}#e",
        "timestamp": NOW - number,
        "event_id": "e",
        "sensor": "temperature",
        "bound": "max",
        "value": 81 + number,
        "limit": 80,
    }
    return Crossing(**{**made, **changes})


def test_a_row_lists_devices_with_their_values() -> None:
    [(row, listed)] = rows([crossing(0), crossing(1)], "event_date", NOW)
    assert (row["device_id"], row["sensor"], row["bound"], row["limit"]) == (
        PARTITION,
        "temperature",
        "max",
        80,
    )
    assert row["event_date"].startswith("2023-11-14T22:13:20.000Z#temperature#max#")
    assert json.loads(row["values"]) == {"device-0": 81, "device-1": 82}
    assert (row["devices"], row["since"]) == (2, "2023-11-14T22:13:19.999Z")
    assert row["expires_at"] == NOW // 1000 + KEPT_SECONDS
    assert [one.device_id for one in listed] == ["device-0", "device-1"]


def test_each_sensor_and_bound_has_rows_of_its_own() -> None:
    several = [crossing(0), crossing(1, sensor="humidity"), crossing(2, bound="min"), crossing(3)]
    assert sorted((row["sensor"], row["bound"], row["devices"]) for row, _ in rows(several, "t", NOW)) == [
        ("humidity", "max", 1),
        ("temperature", "max", 2),
        ("temperature", "min", 1),
    ]


def test_the_same_list_is_the_same_row() -> None:
    assert list(rows([crossing(0)], "t", NOW)) == list(rows([crossing(0)], "t", NOW))
    [(one, _)], [(other, _)] = rows([crossing(0)], "t", NOW), rows([crossing(1)], "t", NOW)
    assert one["t"] != other["t"]


def test_thirty_six_thousand_devices_are_eighteen_rows() -> None:
    found = list(rows([crossing(n) for n in range(36_000)], "t", NOW))
    assert len(found) == 18
    assert sum(row["devices"] for row, _ in found) == 36_000


def test_a_row_fits_into_an_item_whatever_devices_are_called() -> None:
    longest = exact_json.loads("-1." + "3" * 37)
    wild = [
        crossing(n, device_id="\U0001f525" * 123 + f"{n:05d}", value=longest, sensor="s" * 64)
        for n in range(2000)
    ]
    found = list(rows(wild, "event_date", NOW))
    assert sum(row["devices"] for row, _ in found) == 2000
    assert min(len(listed) for _, listed in found[:-1]) >= 190
    for row, _ in found:
        assert item_size(to_attributes(row)) < 320_000
        assert len(row["event_date"].encode()) <= 1024
        assert row["values"].isascii()
