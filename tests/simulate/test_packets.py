from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from iotgen.simulate.fleet import Fleet, plan
from iotgen.simulate.options import SOME_FAULTS, Options, Shares
from iotgen.simulate.packets import PACKET_BYTES, packets


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 300), st.integers(1, 40), st.integers(0, 9))
def test_every_reading_is_in_one_packet_in_order(count: int, batch: int, seed: int) -> None:
    shares = Shares(malformed=0.2, oversized=0.1)
    fleet = plan(Options(seed=seed, start=1, count=count, batch=batch, shares=shares))
    made = list(packets(fleet))
    assert [number for packet in made for number in packet.numbers] == list(range(count))
    assert all(1 <= len(packet) <= batch for packet in made)
    for packet in made:
        assert len(packet) == 1 or not any(fleet.is_alone(number) for number in packet.numbers)


def test_packets_are_full_where_nothing_is_wrong(fleet_of: Callable[..., Fleet]) -> None:
    assert [len(packet) for packet in packets(fleet_of(25, batch=10))] == [10, 10, 5]


def test_only_what_is_meant_to_be_too_large_is(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(60, Shares(oversized=1), batch=1000)
    for packet in packets(fleet):
        size = sum(len(fleet.text(number)) for number in packet.numbers)
        assert fleet.is_alone(packet.first) or size < PACKET_BYTES * 1.2


def test_a_packet_is_due_with_its_last_reading(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(20, batch=10, interval=10.0, devices=10)
    assert [packet.due for packet in packets(fleet)] == [9, 19]


def test_the_share_of_repeated_requests_is_about_what_was_asked(fleet_of: Callable[..., Fleet]) -> None:
    def share(repeated: float) -> float:
        made = list(packets(fleet_of(5000, SOME_FAULTS, batch=5, repeated=repeated)))
        return sum(packet.repeated for packet in made) / len(made)

    assert share(0) == 0
    assert share(1) == 1
    assert 0.2 < share(0.25) < 0.3
