"""No reading is lost or doubled while calls are throttled or lost and functions are killed."""

from pathlib import Path

import pytest

from tests.e2e.soak import deployed

pytestmark = pytest.mark.e2e

READINGS = 5000


def test_every_reading_is_accounted_for_whatever_fails(tmp_path: Path) -> None:
    with deployed(tmp_path) as soak:
        result = soak.play(seed=7, count=READINGS)
    assert list(result.faults()) == []
    assert result.balance.sound
    assert result.kills > 0
    assert result.throttled > 0
    assert result.sound
