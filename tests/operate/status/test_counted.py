"""The numbers of functions, counted in their logs."""

from __future__ import annotations

from dataclasses import replace
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.operate.status.counted import from_logs, percentile
from tests.operate.logs.fakes import Logs, event, group, named, reader
from tests.operate.status.test_metrics import NOW, watched

FUNCTION = replace(watched("f"), logs=(group("f"),))


def report(number: int, duration: float, *, failed: bool = False, ago: int = 1000) -> dict[str, object]:
    status = "\tStatus: error" if failed else ""
    return event(NOW - ago, f"REPORT RequestId: r-{number}\tDuration: {duration} ms{status}")


def test_each_report_is_a_call() -> None:
    own = [
        event(NOW - 2000, '{"level": "ERROR", "message": "m"}'),
        *(report(number, 10) for number in range(98)),
        report(98, 70.5, failed=True),
        report(99, 3000, failed=True),
        report(100, 9, ago=3_700_000),
    ]
    assert from_logs(reader(Logs(named({"f": own}))), [FUNCTION], NOW) == {
        (("functions", "f"), "calls"): 100,
        (("functions", "f"), "p99 ms"): 70.5,
    }


def test_errors_are_counted_where_they_are_shown() -> None:
    errors = replace(FUNCTION.metrics[0], column="errors", of="AWS/Lambda:Errors")
    own = replace(FUNCTION, metrics=(errors,))
    logs = Logs(named({"f": [report(1, 5), report(2, 5, failed=True)]}))
    assert from_logs(reader(logs), [own], NOW) == {(("functions", "f"), "errors"): 1}


def test_a_function_that_was_not_called_has_no_duration() -> None:
    assert from_logs(reader(Logs(named({"f": []}))), [FUNCTION], NOW) == {(("functions", "f"), "calls"): 0}


def test_what_has_no_log_has_no_numbers() -> None:
    assert from_logs(reader(Logs({})), [watched("f")], NOW) == {}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.integers(1, 99))
def test_a_percentile_is_not_exceeded_by_its_share(values: list[float], share: int) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_a_percentile_is_the_one_of_statistics() -> None:
    values = [float(value) for value in range(1, 1001)]
    assert abs(percentile(values, 99) - quantiles(values, n=100)[98]) <= 1
    with pytest.raises(ValueError, match="no values"):
        percentile([], 99)
