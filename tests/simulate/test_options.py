from __future__ import annotations

from typing import Any

import pytest

from iotgen.errors import UsageError
from iotgen.simulate.options import SOME_FAULTS, Options, Shares, asked


def test_what_is_not_given_is_left_to_the_defaults() -> None:
    options = asked({"devices": None, "count": None, "faults": False, "late": None}, now=5, seed=9)
    assert options == Options(seed=9, start=5)
    assert (options.devices, options.count, options.batch, options.interval) == (10, 100, 10, 1.0)


def test_faults_is_a_little_of_everything_and_each_share_can_be_changed() -> None:
    shares = asked({"faults": True, "late": 0.5}, now=5, seed=9).shares
    assert shares.late == 0.5
    assert shares.malformed == SOME_FAULTS.malformed > 0


def test_a_duration_becomes_a_count() -> None:
    assert asked({"duration": 30.0, "devices": 4, "interval": 2.0}, now=5, seed=9).count == 60
    assert asked({"duration": 0.001}, now=5, seed=9).count == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"duration": 5.0, "count": 5}, "not both"),
        ({"duration": 5.0, "interval": 0.0}, "needs an `--interval` of more than 0"),
        ({"late": 0.6, "malformed": 0.6}, "add up to more than 1: 1.2"),
        ({"out_of_order": 1.5}, "share of out-of-order readings is not between 0 and 1"),
        ({"batch": 1001}, "a batch holds 1 to 1000 readings"),
        ({"count": 0}, "1 to 10000000 readings"),
        ({"repeated": 2.0}, "repeated requests"),
        ({"start": -1}, "before 1970"),
    ],
)
def test_what_cannot_be_is_the_command_lines_fault(given: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        asked(given, now=5, seed=9)


def test_a_run_is_named_after_all_that_its_readings_depend_on() -> None:
    base = Options(seed=1, start=2)
    others = [
        Options(seed=2, start=2),
        Options(seed=1, start=3),
        Options(seed=1, start=2, batch=5),
        Options(seed=1, start=2, shares=Shares(late=0.1)),
    ]
    assert len({base.run, *(other.run for other in others)}) == 5
    assert base.run == Options(seed=1, start=2, interval=1, workers=3, patience=1, repeated=0.5).run
