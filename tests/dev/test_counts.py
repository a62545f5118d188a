"""Numbers that change while an environment is watched."""

from iotgen.dev.counts import changed, numbers
from iotgen.operate.status.collect import Cell


def test_only_numbers_that_change_are_shown() -> None:
    before = numbers(
        {("tables", "rows"): {"items": Cell(2, False)}, ("queues", "jobs"): {"dead": Cell(0, True)}}
    )
    now = numbers(
        {
            ("tables", "rows"): {"items": Cell(3, False), "state": Cell("ACTIVE", False)},
            ("queues", "jobs"): {"dead": Cell(1, True), "waiting": Cell(0, False)},
            ("queues", "gone"): None,
        }
    )
    shown = list(changed(before, now))
    assert [(one.section, one.text, one.bad) for one in shown] == [
        ("tables", "rows items 3 (+1)", False),
        ("queues", "jobs dead 1 (+1)", True),
    ]
    assert list(changed(now, now)) == []
