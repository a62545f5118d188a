"""The SQL of rules, as the simulator understands it: what it makes of a message, and what it leaves out."""

from typing import Any

import pytest

from iotgen.prove.aws.rule_sql import UNDEFINED, Published, UnknownSqlError, compiled
from iotgen.prove.shaping import unknown_rules, unknown_triggers
from tests.conftest import compile_spec

MESSAGE = {"temperature": 21.5, "place": {"room": "b"}, "note": None}


def _selected(sql: str) -> Any:
    return compiled(sql)(Published(MESSAGE, "dt/dev/device-1/telemetry", "device-1", 1000))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM 'dt/#'", MESSAGE),
        (
            "SELECT temperature, topic(3) AS device_id FROM 'dt/#'",
            {"temperature": 21.5, "device_id": "device-1"},
        ),
        ("SELECT *, timestamp() AS at FROM 'dt/#'", {**MESSAGE, "at": 1000}),
        ("SELECT place.room FROM 'dt/#'", {"room": "b"}),
        ("SELECT place.*, temperature FROM 'dt/#'", {"room": "b", "temperature": 21.5}),
        ("SELECT place.room.* FROM 'dt/#'", {}),
        ("SELECT humidity, note FROM 'dt/#'", {"note": None}),
        ("SELECT topic(9) AS none, 'x' AS one", {"one": "x"}),
        ("SELECT note FROM 'dt/#' WHERE temperature > 21 AND place.room = 'b'", {"note": None}),
        ("SELECT note FROM 'dt/#' WHERE temperature > 30 OR NOT isUndefined(humidity)", UNDEFINED),
        ("SELECT note FROM 'dt/#' WHERE humidity > 30", UNDEFINED),
        ("SELECT note FROM 'dt/#' WHERE note > 30", UNDEFINED),
    ],
)
def test_a_statement_selects(sql: str, expected: Any) -> None:
    assert _selected(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT VALUE temperature FROM 'dt/#'",
        "SELECT decode(*, 'base64') AS data FROM 'dt/#'",
        "SELECT temperature + 1 AS more FROM 'dt/#'",
        "SELECT 'open FROM 'dt/#'",
    ],
)
def test_what_is_not_simulated_is_refused(sql: str) -> None:
    with pytest.raises(UnknownSqlError):
        compiled(sql)


def test_items_by_key_and_tumbling_windows_are_left_out() -> None:
    pipeline = compile_spec("""\
version: 1
pipeline: p
tables: {rows: {partition_key: {device: string}}}
streams: {readings: {}}
rules: {r: {sql: "SELECT state.* FROM 'a/+'", to: [{table: rows, key: {device: "${topic(2)}"}}]}}
functions: {sum: {source: h, triggers: [{stream: readings, tumbling_window: 60}]}}
""").model
    assert list(unknown_rules(pipeline)) == ["the rule r: items by `key` for `rows` are not simulated"]
    assert list(unknown_triggers(pipeline)) == [
        "the trigger of sum by readings: a tumbling window is not simulated"
    ]
