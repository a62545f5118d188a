"""A heat wave, small: `scripts/bench alerts` runs it with 36,000 devices, and by every way."""

import pytest

from tests.bench import storms


@pytest.mark.parametrize("way", [storms.in_five_messages, storms.one_a_message])
def test_a_heat_wave_costs_no_row_and_few_notifications(way: storms.Way) -> None:
    cold, hot = (storms.run(way, 1000, hot=crossing) for crossing in (False, True))
    assert [limit for limit in storms.limits("a storm", cold, hot) if not limit.holds] == []
    assert (cold.rows, cold.notifications) == (1000, 0)
    assert 1 <= hot.notifications <= 3


def test_one_device_at_a_time_is_told_as_such_until_the_minute_is_full() -> None:
    hot = storms.run(storms.one_a_request, 30, hot=True)
    assert (hot.rows, hot.notifications, hot.missing) == (30, 10, 0)
    assert hot.most_a_second <= 3
