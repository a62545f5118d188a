"""Times as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.errors import UsageError
from iotgen.operate.logs.times import moment, rfc_3339

NOW = 1_795_664_460_941


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("30s", NOW - 30_000),
        ("10m", NOW - 600_000),
        ("2h", NOW - 7_200_000),
        ("1w", NOW - 7 * 86_400_000),
        ("2026-11-26T03:41:00.941Z", NOW),
        ("2026-11-26T04:41:00.941+01:00", NOW),
        ("2026-11-26 03:41", 1_795_664_460_000),
        ("2026-11-26", 1_795_651_200_000),
    ],
)
def test_a_time_is_how_long_ago_or_an_instant_in_utc(text: str, then: int) -> None:
    assert moment(text, "--since", NOW) == then


@pytest.mark.parametrize("text", ["", "yesterday", "10", "10 m", "1M", "2026-13-01", "-5m", "99999999999w"])
def test_any_other_text_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        moment(text, "--since", NOW)


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(UsageError, match="is before 1970"):
        moment("9999w", "--since", NOW)


@given(st.integers(0, 253_402_300_799_999))
def test_a_time_that_is_printed_can_be_given_again(then: int) -> None:
    assert moment(rfc_3339(then), "--since", 0) == then


@given(st.integers(0, 2**63))
def test_no_time_is_too_late_to_be_printed(then: int) -> None:
    assert rfc_3339(then)
