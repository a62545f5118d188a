"""A snapshot as people and programs read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.model.alarm import Alarm
from iotgen.operate.status.alarms import AlarmState, alarm_states
from iotgen.operate.status.collect import Cell, Row, Section, Snapshot
from iotgen.operate.status.forms import MOST_ROWS, Screen, as_object
from iotgen.operate.status.watched import watched

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

TIME = 1_795_664_460_941
NOW = datetime.fromtimestamp(TIME / 1000, UTC)
REPO = Path(__file__).parent.parent.parent.parent


def place(alarm: Alarm) -> str:
    return f"specs/pipeline.yaml:{len(alarm.path)}"


@pytest.fixture
def pipeline(compile_spec: Compile) -> Pipeline:
    spec = (REPO / "specs/pipeline.yaml").read_text(encoding="utf-8")
    pipeline = compile_spec(spec, suffix="prod", rules=()).pipeline
    assert pipeline
    return pipeline


def states(pipeline: Pipeline, *on: int) -> tuple[AlarmState, ...]:
    return tuple(
        AlarmState(alarm, "ALARM" if index in on else "OK", NOW - timedelta(hours=2), "Threshold crossed")
        for index, alarm in enumerate(pipeline.all(Alarm))
    )


def section(title: str, *rows: Row) -> Section:
    return Section(title, ("calls", "errors", "changed"), rows)


def row(key: str, calls: float | None = 1, errors: float | None = 0, **more: Any) -> Row:
    cells = (Cell(calls, bad=False), Cell(errors, bad=True), Cell(NOW - timedelta(minutes=5), bad=False))
    return Row(key, cells, **{"more": {}, **more})


def screen(taken: Snapshot, **given: Any) -> list[str]:
    return list(Screen(place, **given).lines(taken))


def test_each_resource_has_a_line_under_its_section() -> None:
    own = section(
        "functions",
        row("ingestion", 1_234_567, 2, more={"address": "https://a\x1b"}),
        row("query", None, 0.25),
        row("gone", None, None, deployed=False),
    )
    assert screen(Snapshot(TIME, (own,), ())) == [
        "functions      calls  errors  changed",
        "ingestion  1,234,567       2   5m ago",
        r"  address https://a\u001b",
        "query              -     0.2   5m ago",
        "gone       not deployed",
        "",
        "alarms  none",
    ]


def test_alarms_that_are_on_are_named_with_their_place(pipeline: Pipeline) -> None:
    first, *_ = pipeline.all(Alarm)
    assert screen(Snapshot(TIME, (), states(pipeline, 0))) == [
        "alarms  1 ALARM, 38 OK",
        f"{first.key}  on since 2h ago  specs/pipeline.yaml:2",
    ]


def test_what_should_be_zero_is_painted() -> None:
    painted: list[tuple[str, str]] = []

    def paint(text: str, part: str) -> str:
        painted.append((text.strip(), part))
        return text

    own = section("functions", row("a", 5, 0), row("b", 5, 3), row("c", deployed=False))
    screen(Snapshot(TIME, (own,), ()), paint=paint)
    assert [text for text, part in painted if part == "bad"] == ["3", "not deployed"]


def test_a_screen_holds_the_reference_pipeline(pipeline: Pipeline) -> None:
    """80 columns, with large numbers."""
    number, when = Cell(1_234_567, bad=True), Cell(NOW - timedelta(days=400), bad=False)
    sections: dict[str, Section] = {}
    for one in watched(pipeline):
        cells = tuple(when if column == "changed" else number for column in one.status.columns)
        before = sections[one.section].rows if one.section in sections else ()
        rows = (*before, Row(one.resource.key, cells, {}))
        sections[one.section] = Section(one.section, one.status.columns, rows)
    lines = screen(Snapshot(TIME, tuple(sections.values()), states(pipeline, 3, 5)))
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 25


def test_of_too_many_resources_the_troubled_and_the_busy_are_shown(pipeline: Pipeline) -> None:
    rows = [row(f"f{number}", number) for number in range(40)]
    rows[3], rows[5] = row("f3", 0, 1), row("f5", deployed=False)
    lines = screen(Snapshot(TIME, (section("functions", *rows),), states(pipeline, *range(20))))
    keys = [line.split()[0] for line in lines[1 : MOST_ROWS + 1]]
    assert keys == ["f3", "f5", *(f"f{number}" for number in range(30, 40))]
    assert lines[MOST_ROWS + 1] == "and 28 more: `--format json` has all"
    assert lines[-1] == "and 8 more: `--format json` has all"


def test_json_has_every_value(pipeline: Pipeline) -> None:
    own = section("functions", row("a", 7, 2, more={"address": "x"}))
    shown = as_object(Snapshot(TIME, (own,), states(pipeline, 0)[:1]), place)
    (alarm,) = shown.pop("alarms")
    assert shown == {
        "time": "2026-11-26T03:41:00.941Z",
        "sections": {
            "functions": {
                "a": {
                    "deployed": True,
                    "calls": 7,
                    "errors": 2,
                    "changed": "2026-11-26T03:36:00.941000+00:00",
                    "address": "x",
                }
            }
        },
    }
    assert (alarm["state"], alarm["reason"]) == ("ALARM", "Threshold crossed")
    assert json.dumps(shown)


def test_states_are_asked_for_a_hundred_alarms_at_a_time(pipeline: Pipeline) -> None:
    calls: list[int] = []

    class CloudWatch:
        def describe_alarms(self, AlarmNames: list[str], **_: Any) -> Any:  # noqa: N803 - boto3's word
            calls.append(len(AlarmNames))
            return {"MetricAlarms": [{"AlarmName": AlarmNames[0], "StateValue": "OK"}]}

    alarms = pipeline.all(Alarm)
    many = pipeline.__class__(**{**vars(pipeline), "by_type": {Alarm: alarms * 3}})
    found = list(alarm_states(many, CloudWatch()))
    assert calls == [100, 17]
    assert [one.state for one in found[:2]] == ["OK", "not deployed"]
