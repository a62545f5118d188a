"""What readings in batches of 100 use of AWS, and what a million cost; see `scripts/bench handlers`."""

from collections.abc import Mapping

import pytest

from tests.bench import limits, prices, workload
from tests.bench.limits import Limit
from tests.bench.meter import Usage, item_size
from tests.bench.paths import BATCH, PATHS, READINGS, count, readings_of
from tests.emptied import empty_aws

# A reading takes a tenth of this, also on a slow machine: the bill must not depend on the day.
CPU_SECONDS = 0.001 * READINGS
MEMORY = 512


@pytest.fixture(scope="module")
def used() -> Mapping[tuple[str, int], Usage]:
    with empty_aws():
        return {(path, BATCH): count(path, readings_of(path), BATCH) for path in PATHS}


@pytest.fixture(scope="module")
def large() -> Usage:
    with empty_aws():
        return count("/ingest", workload.large(READINGS), BATCH)


def broken(held: list[Limit]) -> list[Limit]:
    return [limit for limit in held if not limit.holds]


@pytest.mark.system
def test_batches_use_no_more_than_they_may(used: Mapping[tuple[str, int], Usage], large: Usage) -> None:
    held = list(limits.of_usage(used, large))
    assert len(held) == 10
    assert broken(held) == []


@pytest.mark.system
def test_a_million_readings_in_batches_cost_little(used: Mapping[tuple[str, int], Usage]) -> None:
    bills = {case: prices.bill(usage, READINGS, CPU_SECONDS, MEMORY) for case, usage in used.items()}
    assert broken(list(limits.of_bills(bills))) == []
    assert bills["/ingest", BATCH].total < prices.EARLIER / 4


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({}, 0),
        ({"id": {"S": "é"}}, 4),
        ({"n": {"N": "0"}}, 2),
        ({"n": {"N": "1013"}}, 4),
        ({"n": {"N": "-25.5"}}, 5),
        ({"n": {"N": "1200"}}, 3),
        ({"b": {"BOOL": True}}, 2),
        ({"m": {"M": {"a": {"S": "xy"}, "b": {"NULL": True}}}}, 1 + 3 + 4 + 3),
        ({"l": {"L": [{"S": "x"}, {"S": "y"}]}}, 1 + 3 + 4),
    ],
)
def test_an_item_is_as_large_as_dynamodb_says(item: Mapping[str, object], size: int) -> None:
    assert item_size(item) == size
