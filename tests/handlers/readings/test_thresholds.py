from decimal import Decimal
from typing import Any

import pytest
from readings.config import Threshold
from readings.reading import read
from readings.thresholds import crossings

THRESHOLDS = {"temperature": Threshold(-40, 80), "humidity": Threshold(None, Decimal("99.5"))}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"temperature": 80, "humidity": Decimal("99.5")}, []),
        ({"temperature": Decimal("80.1")}, [("temperature", "max", Decimal("80.1"), 80)]),
        ({"temperature": -41}, [("temperature", "min", -41, -40)]),
        (
            {"humidity": 100, "temperature": 81},
            [("temperature", "max", 81, 80), ("humidity", "max", 100, 99.5)],
        ),
        ({"humidity": "wet"}, []),
        ({"humidity": True}, []),
        ({"pressure": 10**9}, []),
    ],
)
def test_a_value_beyond_its_bound_crosses(values: dict[str, Any], expected: list[Any]) -> None:
    reading = read({"device_id": "d", "timestamp": 1, "sensor_data": values}, 1, 1000)
    found = crossings(reading, THRESHOLDS)
    assert [(c.sensor, c.bound, c.value, c.limit) for c in found] == expected
