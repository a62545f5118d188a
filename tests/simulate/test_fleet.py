from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iotgen.simulate.fleet import FAULTY, SENSORS, Fleet, Kind, plan
from iotgen.simulate.options import SOME_FAULTS, Options, Shares

START = 1_700_000_000_000  # conftest's

shares = st.lists(st.integers(0, 14), min_size=7, max_size=7).map(
    lambda parts: Shares(
        **dict(zip(Shares.__dataclass_fields__, (part / 100 for part in parts), strict=True))
    )
)
fleets = st.builds(
    Options,
    seed=st.integers(0, 2**32),
    start=st.just(START),
    devices=st.integers(1, 30),
    count=st.integers(1, 120),
    interval=st.sampled_from([0.0, 0.25, 60.0]),
    shares=shares,
).map(plan)


@settings(max_examples=30, deadline=None)
@given(fleets)
def test_the_same_options_make_the_same_bytes(fleet: Fleet) -> None:
    again = plan(fleet.options)
    numbers = range(fleet.options.count)
    small = [number for number in numbers if fleet.kind(number) is not Kind.OVERSIZED]
    assert again == fleet
    assert [again.text(number) for number in reversed(small)] == [fleet.text(n) for n in reversed(small)]


@settings(max_examples=100, deadline=None)
@given(fleets)
def test_shares_are_kept_to_one_reading(fleet: Fleet) -> None:
    counts = Counter(fleet.kinds)
    for name in Shares.__dataclass_fields__:
        asked = getattr(fleet.options.shares, name) * fleet.options.count
        assert abs(counts[Kind[name.upper()]] - asked) <= 1 + 1e-9  # the share itself is rounded


@settings(max_examples=100, deadline=None)
@given(fleets)
def test_a_duplicate_repeats_a_sound_reading(fleet: Fleet) -> None:
    for number in range(fleet.options.count):
        original = fleet.original(number)
        if fleet.kind(number) is Kind.DUPLICATE:
            assert fleet.kind(original) not in FAULTY | {Kind.DUPLICATE, Kind.FUTURE}
            assert fleet.text(number) == fleet.text(original)
        else:
            assert original == number


@pytest.mark.parametrize("count", [1, 2, 50])
def test_there_is_something_to_repeat_even_where_all_are_duplicates(
    fleet_of: Callable[..., Fleet], count: int
) -> None:
    fleet = fleet_of(count, Shares(duplicate=1))
    assert Counter(fleet.kinds) == Counter({Kind.NORMAL: 1, Kind.DUPLICATE: count - 1}) - Counter()
    assert len({fleet.text(number) for number in range(count)}) == 1


def test_other_seeds_and_times_make_other_readings(fleet_of: Callable[..., Fleet]) -> None:
    made = [fleet_of(), fleet_of(seed=2), fleet_of(start=START + 1)]
    texts = {fleet.text(number) for fleet in made for number in range(20)}
    assert len(texts) == 60


def test_no_two_readings_are_the_same(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(500, Shares(late=0.3, untimed=0.3, out_of_order=0.3))
    assert len({fleet.text(number) for number in range(500)}) == 500


def _documents(fleet: Fleet, kind: Kind) -> list[dict[str, Any]]:
    numbers = range(fleet.options.count)
    return [json.loads(fleet.text(number)) for number in numbers if fleet.kind(number) is kind]


def test_a_reading_is_of_the_contract(fleet_of: Callable[..., Fleet]) -> None:
    documents = _documents(fleet_of(200), Kind.NORMAL)
    assert {tuple(document["sensor_data"]) for document in documents} == {SENSORS}
    assert {type(document["timestamp"]) for document in documents} == {int, str}
    assert {"event_id" in document for document in documents} == {True, False}
    assert len({document["device_id"] for document in documents}) == 10


def test_every_time_is_where_its_kind_puts_it(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(
        1000, Shares(late=0.2, out_of_order=0.2, future=0.2, untimed=0.2), interval=2.0, devices=5
    )
    for number in range(1000):
        kind, timestamp = fleet.kind(number), fleet.reading(number).timestamp
        if kind is Kind.UNTIMED:
            assert timestamp is None
            continue
        assert timestamp is not None
        away = timestamp - (START + number * 400)
        if kind is Kind.NORMAL:
            assert away == 0
        elif kind is Kind.OUT_OF_ORDER:
            assert -40_000 <= away <= -2000
        elif kind is Kind.LATE:
            assert -7 * 86_400_000 <= away <= -3_600_000
        else:
            assert away >= 365 * 86_400_000


def test_without_an_interval_all_has_happened_by_the_start(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(50)
    assert [fleet.reading(number).timestamp for number in (0, 49)] == [START - 50, START - 1]
    assert fleet.due(49) == 0


def test_a_device_has_a_reading_each_interval(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(50, interval=10.0, devices=5)
    assert [fleet.due(number) for number in (0, 1, 5, 10)] == [0, 2, 10, 20]
    assert fleet.device(0) == fleet.device(5) != fleet.device(1)
    assert len(fleet.devices) == 5
    assert len(fleet_of(3).devices) == 3


def test_some_faults_have_some_of_each_in_a_thousand(fleet_of: Callable[..., Fleet]) -> None:
    assert set(fleet_of(1000, SOME_FAULTS).kinds) == set(Kind)
