"""Every order of the protocol's steps with two faults; and mistakes that some order shows."""

import pytest

from tests.prove.protocol import Protocol, explore

pytestmark = pytest.mark.system


def test_in_every_order_each_reading_is_stored_and_each_device_told() -> None:
    assert explore(Protocol(), 2) == (180_230, [])


@pytest.mark.parametrize(
    ("mistake", "faults", "shown"),
    [
        (Protocol(marks_before_telling=True), 1, "nobody is told of a"),
        (Protocol(acknowledges_what_is_held=True), 2, "nobody is told of a"),
        (Protocol(acknowledges_failed_rows=True), 1, "reading 0 has no row"),
        (Protocol(trusts_ended_leases=True), 1, "a message can never be done with"),
    ],
    ids=str,
)
def test_a_mistake_is_wrong_in_some_order(mistake: Protocol, faults: int, shown: str) -> None:
    assert shown in explore(mistake, faults)[1]
