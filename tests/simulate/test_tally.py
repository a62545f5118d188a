from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from iotgen.simulate.fleet import Fleet
from iotgen.simulate.options import Shares
from iotgen.simulate.tally import Row, tally


def row_of(fleet: Fleet, number: int) -> Row:
    reading = fleet.reading(number)
    sensors = {name: Decimal(str(value)) for name, value in reading.sensors.items()}
    return Row(reading.device, f"key-{number}", reading.timestamp, sensors, flagged=False)


def test_rows_are_counted_as_often_as_they_are_there(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(5)
    found = tally(fleet, [row_of(fleet, number) for number in (0, 1, 1, 4, 4, 4)])
    assert found.counts == bytes([1, 2, 0, 0, 3])
    assert (found.altered, found.strangers, found.flagged) == ({}, (), frozenset())


def test_a_count_ends_at_what_a_byte_holds(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(1)
    assert tally(fleet, [row_of(fleet, 0)] * 300).counts == bytes([255])


def test_another_time_is_told(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(5)
    row = row_of(fleet, 3)
    assert row.timestamp is not None
    moved = replace(row, timestamp=row.timestamp + 1)
    assert tally(fleet, [moved]).altered == {
        3: f"under the time {moved.timestamp} instead of {row.timestamp}"
    }


def test_any_time_is_right_where_the_device_named_none(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(5, Shares(untimed=1))
    assert not tally(fleet, [replace(row_of(fleet, 3), timestamp=7)]).altered


@pytest.mark.parametrize("value", [Decimal("1000.01"), None])
def test_another_value_is_told(fleet_of: Callable[..., Fleet], value: Decimal | None) -> None:
    fleet = fleet_of(5)
    row = row_of(fleet, 3)
    others = {name: was for name, was in row.sensors.items() if name != "humidity"}
    sensors = others if value is None else {**others, "humidity": value}
    assert "humidity is" in tally(fleet, [replace(row, sensors=sensors)]).altered[3]


def test_a_flag_is_noted(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(5)
    assert tally(fleet, [replace(row_of(fleet, 2), flagged=True)]).flagged == {2}


@pytest.mark.parametrize("sequence", ["5", "-1", "0.5", "1", None])
def test_a_row_that_no_reading_explains_is_a_stranger(
    fleet_of: Callable[..., Fleet], sequence: str | None
) -> None:
    fleet = fleet_of(5)
    row = row_of(fleet, 0)
    others = {name: was for name, was in row.sensors.items() if name != "sequence"}
    sensors = others if sequence is None else {**others, "sequence": Decimal(sequence)}
    assert tally(fleet, [replace(row, sensors=sensors)]).strangers == (f"{row.device} key-0",)
